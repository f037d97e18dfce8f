package dev.reprise.match;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** English words and their opposites: a list, and the prefixes and suffixes that make opposites. */
final class Antonyms {
  private static final String PAIRS =
      """
          enable/disable activate/deactivate on/off increase/decrease raise/lower before/after \
          min/max minimum/maximum minimal/maximal minimise/maximise minimize/maximize buy/sell \
          import/export open/close opened/closed lock/unlock start/stop begin/end first/last \
          early/late earlier/later earliest/latest hot/cold warm/cool up/down upload/download \
          upgrade/downgrade add/remove include/exclude included/excluded inclusive/exclusive \
          insert/delete create/delete create/destroy attach/detach install/uninstall \
          connect/disconnect subscribe/unsubscribe follow/unfollow mute/unmute block/unblock \
          freeze/unfreeze pin/unpin archive/unarchive hide/show hide/unhide show/conceal \
          accept/reject accept/decline approve/reject approve/deny allow/deny allow/forbid \
          allow/block allow/prevent permit/forbid grant/revoke encrypt/decrypt encode/decode \
          compress/decompress zip/unzip serialize/deserialize marshal/unmarshal push/pull \
          send/receive sender/receiver sender/recipient deposit/withdraw deposit/withdrawal \
          credit/debit income/expense income/expenditure profit/loss gain/lose gain/loss \
          win/lose win/loss winner/loser borrow/lend borrower/lender debtor/creditor \
          buyer/seller employer/employee landlord/tenant lessor/lessee teacher/student \
          doctor/patient parent/child parents/children mother/father mom/dad son/daughter \
          brother/sister husband/wife man/woman men/women male/female boy/girl boys/girls \
          king/queen uncle/aunt nephew/niece bride/groom actor/actress arrive/depart \
          arrival/departure arrivals/departures inbound/outbound incoming/outgoing \
          entrance/exit enter/exit enter/leave push/pop ascending/descending ascend/descend \
          rise/fall rising/falling grow/shrink expand/collapse expand/contract \
          expansion/contraction widen/narrow lengthen/shorten strengthen/weaken speed/slow \
          accelerate/decelerate faster/slower fast/slow quick/slow quickly/slowly high/low \
          higher/lower highest/lowest big/small bigger/smaller biggest/smallest large/small \
          larger/smaller largest/smallest long/short longer/shorter longest/shortest \
          tall/short taller/shorter heavy/light heavier/lighter thick/thin fat/thin \
          wide/narrow deep/shallow near/far nearest/farthest inside/outside indoor/outdoor \
          indoors/outdoors internal/external interior/exterior inner/outer indoors/outside \
          above/below over/under upper/lower top/bottom left/right front/back forward/backward \
          forwards/backwards north/south east/west northern/southern eastern/western \
          clockwise/counterclockwise horizontal/vertical row/column more/less more/fewer \
          most/least best/worst better/worse good/bad positive/negative plus/minus \
          addition/subtraction add/subtract multiply/divide multiplication/division \
          numerator/denominator odd/even true/false yes/no right/wrong correct/incorrect \
          valid/invalid legal/illegal safe/dangerous safe/unsafe safe/risky healthy/unhealthy \
          clean/dirty wet/dry full/empty fill/empty hard/soft hard/easy easy/difficult \
          simple/complex simple/complicated strong/weak rich/poor cheap/expensive \
          cheapest/priciest cheapest/expensive safer/riskier new/old newer/older newest/oldest young/old younger/older \
          youngest/oldest modern/ancient past/future previous/next public/private \
          online/offline remote/local wired/wireless manual/automatic manually/automatically \
          synchronous/asynchronous static/dynamic mutable/immutable abstract/concrete \
          absolute/relative active/inactive active/passive present/absent presence/absence \
          alive/dead live/die life/death birth/death awake/asleep sleep/wake sick/healthy \
          love/hate like/dislike likes/dislikes happy/sad happy/unhappy glad/sorry laugh/cry \
          friend/enemy ally/enemy war/peace attack/defend attack/defence attack/defense \
          guilty/innocent succeed/fail success/failure pass/fail passed/failed \
          advantage/disadvantage advantages/disadvantages pros/cons benefit/drawback \
          benefits/drawbacks benefits/risks strengths/weaknesses strength/weakness \
          cause/prevent causes/prevents avoid/cause help/hurt helps/hurts harm/benefit \
          improve/worsen build/demolish repair/break fix/break save/spend remember/forget \
          find/lose ask/answer question/answer teach/learn speak/listen read/write \
          reader/writer input/output client/server frontend/backend source/destination \
          source/target origin/destination upstream/downstream encoder/decoder supply/demand \
          inflation/deflation bull/bear bullish/bearish asset/liability assets/liabilities \
          gross/net fixed/variable fixed/floating taxable/exempt taxable/nontaxable \
          single/married single/double single/multiple singular/plural domestic/international \
          domestic/foreign urban/rural day/night daytime/nighttime morning/evening am/pm \
          sunrise/sunset dawn/dusk summer/winter oral/topical acute/chronic benign/malignant \
          hyper/hypo hypertension/hypotension hyperthyroidism/hypothyroidism \
          hyperglycemia/hypoglycemia inhale/exhale contract/relax dilate/constrict \
          systolic/diastolic vegetarian/carnivorous herbivore/carnivore \
          prescription/nonprescription checkin/checkout takeoff/landing board/disembark \
          departing/returning outward/return oneway/roundtrip fold/unfold pack/unpack \
          load/unload mount/unmount tie/untie undo/redo wrap/unwrap plug/unplug dress/undress \
          screw/unscrew cover/uncover register/unregister register/deregister link/unlink \
          select/deselect check/uncheck tag/untag friend/unfriend commit/rollback \
          commit/revert merge/split join/split join/leave join/separate combine/separate \
          marry/divorce marriage/divorce hire/fire employed/unemployed promote/demote \
          reward/punish reward/punishment praise/criticize agree/disagree trust/distrust \
          believe/doubt optimist/pessimist optimistic/pessimistic introvert/extrovert \
          introverted/extroverted majority/minority everyone/nobody everything/nothing \
          everywhere/nowhere always/never somebody/nobody something/nothing lenient/strict \
          flexible/rigid tight/loose tighten/loosen sharp/blunt smooth/rough bright/dark \
          brighter/darker brighten/darken dark/light loud/quiet louder/quieter silent/noisy \
          sweet/sour sweet/bitter raw/cooked fresh/stale natural/artificial real/fake \
          genuine/fake temporary/permanent temporarily/permanently partial/full \
          partially/fully optional/mandatory optional/required voluntary/compulsory \
          voluntary/involuntary lead/follow leader/follower victim/perpetrator predator/prey \
          host/guest producer/consumer wholesale/retail
      """;

  private static final List<String> PREFIXES =
      List.of("un", "dis", "non", "de", "in", "im", "ir", "il");

  /** The shortest word that a prefix turns around: "crease" is no opposite of "increase". */
  private static final int SHORTEST = 4;

  /** Words that only look like another with a prefix. */
  private static final Set<String> LOOK_ALIKE =
      Set.of(
          "increase",
          "decrease",
          "increased",
          "decreased",
          "income",
          "input",
          "inform",
          "invest",
          "intend",
          "inspire",
          "impress",
          "improve",
          "import",
          "impart",
          "impose",
          "imply",
          "discover",
          "discuss",
          "display",
          "disease",
          "dispose",
          "distribute",
          "distract",
          "discount",
          "dispatch",
          "describe",
          "design",
          "demand",
          "deliver",
          "depart",
          "deport",
          "depend",
          "deposit",
          "derive",
          "detail",
          "detain",
          "develop",
          "device",
          "devote",
          "define",
          "degrade",
          "deserve",
          "desire",
          "decline",
          "deform",
          "inline",
          "inland",
          "inside",
          "install",
          "instance",
          "insure",
          "intense",
          "intent",
          "invent",
          "invert",
          "involve",
          "indoor",
          "inbound",
          "inflow",
          "inflame",
          "inflammable",
          "invaluable",
          "unless",
          "until",
          "under",
          "unit",
          "unite",
          "union",
          "unique",
          "delight",
          "decode",
          "debate",
          "infant",
          "interest",
          "illustrate",
          "irritate",
          "include",
          "indeed",
          "infer",
          "inquire",
          "inquiry",
          "department",
          "international",
          "disc",
          "discord",
          "discharge",
          "disguise",
          "dismiss",
          "decamp",
          "impound",
          "important",
          "inventory",
          "investment",
          "information",
          "industry",
          "distance",
          "district",
          "debug",
          "default",
          "deepen",
          "infection",
          "disposed",
          "instant",
          "instead",
          "intention",
          "inspection");

  private static final Map<String, Set<String>> OPPOSITES = new HashMap<>();

  static {
    for (String pair : PAIRS.strip().split("\\s+", -1)) {
      int slash = pair.indexOf('/');
      String one = Side.stem(pair.substring(0, slash));
      String other = Side.stem(pair.substring(slash + 1));
      OPPOSITES.computeIfAbsent(one, unused -> new LinkedHashSet<>()).add(other);
      OPPOSITES.computeIfAbsent(other, unused -> new LinkedHashSet<>()).add(one);
    }
  }

  private Antonyms() {}

  /** Returns how many words have an opposite on the list. */
  static int size() {
    return OPPOSITES.size();
  }

  /** Returns the words of {@code side}, in lower case, that are opposites of {@code lower}. */
  static Set<String> of(String lower, Side side) {
    Set<String> found = new LinkedHashSet<>();
    for (String stem : OPPOSITES.getOrDefault(Side.stem(lower), Set.of())) {
      String word = side.wordOfStem(stem);
      if (word != null) {
        found.add(word);
      }
    }
    for (String prefix : PREFIXES) {
      addIfPresent(found, side, prefix, lower, prefix + lower);
      if (lower.startsWith(prefix)) {
        addIfPresent(found, side, prefix, lower.substring(prefix.length()), lower);
      }
    }
    if (lower.endsWith("ful") && lower.length() > 5) {
      addIfSpoken(found, side, lower.substring(0, lower.length() - 3) + "less");
    } else if (lower.endsWith("less") && lower.length() > 6) {
      addIfSpoken(found, side, lower.substring(0, lower.length() - 4) + "ful");
    }
    return found;
  }

  /** Adds the one of the two that the side has, if the longer is the opposite of the shorter. */
  private static void addIfPresent(
      Set<String> found, Side side, String prefix, String shorter, String longer) {
    if (shorter.length() < SHORTEST
        || LOOK_ALIKE.contains(longer)
        || longer.length() != prefix.length() + shorter.length()) {
      return;
    }
    addIfSpoken(found, side, longer);
    addIfSpoken(found, side, shorter);
  }

  private static void addIfSpoken(Set<String> found, Side side, String word) {
    if (side.has(word)) {
      found.add(word);
    }
  }
}
