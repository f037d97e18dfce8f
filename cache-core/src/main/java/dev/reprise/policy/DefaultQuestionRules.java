package dev.reprise.policy;

import dev.reprise.model.Reason;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/*
 * A rule that is too wide only costs a hit; one that is too narrow serves yesterday's weather. Still most look for the thing
 * asked about *and* a word of time, since the thing alone is common in lasting questions ("what does a weather radar do?"), and
 * let go of sentences that ask how to do something or what a word means ("how do I change the price of my plan?").
 * Every gap is bounded, so that no text makes them slow.
 */
/** The rules of a policy that is given none. */
final class DefaultQuestionRules {
  private static final String GAP = ".{0,80}?";

  /** Up to four words. */
  private static final String WORDS = "(?:\\W{1,3}[\\w&'-]{1,30}){0,4}?\\W{1,3}";

  /** What makes a question one about this moment. */
  private static final String NOW =
      "(?:right now|just now|at the moment|at this moment|at present|currently|as of now|today|tonight|so far this"
          + " (?:week|month|year)|this (?:morning|afternoon|evening|week|weekend|month)"
          + "|now(?=\\W*$|,| in\\b| at\\b| for\\b))";

  /** NOW, and the near future and past. */
  private static final String THESE_DAYS =
      "(?:" + NOW + "|tomorrow|yesterday|last night|next week|next weekend|the next few days)";

  /** What asks for instructions, a meaning or a comparison, all of which last. */
  private static final String LASTING =
      "\\bhow (?:do|can|could|should|would|did|might) (?:i|we|you|one|people|someone|they)\\b|\\bhow to\\b"
          + "|^\\W*(?:please |can you |could you )?(?:explain|define|describe)\\b"
          + "|\\bwhat (?:is|are) an? |\\bwhat's an? |\\bmean(?:s|ing)?\\b|\\bdefinition\\b|\\bdifferences? between\\b"
          + "|\\bhistor(?:y|ical(?:ly)?)\\b|\\bhow (?:is|are|does|do|was|were)\\b"
          + GAP
          + "\\b(?:work|works|calculated|computed|made|measured|determined|set|defined|formed|affect|affects|influence|impact)\\b";

  private static final String CURRENCY =
      "(?:usd|eur|gbp|jpy|chf|cad|aud|inr|cny|btc|eth|(?:us |u\\.s\\. |canadian |australian )?dollars?|euros?|pounds?|yen|rupees?|francs?|yuan|pesos?|bitcoins?)";

  private static final String PREPOSITION =
      "(?!(?:for|of|about|that|which|to|from|in|into|on|with|and)\\b)";

  private static final QuestionRule WEATHER =
      rule(
          Reason.Code.DYNAMIC,
          "weather",
          "\\b(?:weather|temperatures?|forecast|rain(?:ing|y)?|snow(?:ing|y)?|sunny|humidity|umbrella|windy|storms?|hot|cold|warm|sunrise|sunset)\\b"
              + GAP
              + "\\b(?:outside|"
              + THESE_DAYS
              + ")\\b|\\b(?:outside|"
              + THESE_DAYS
              + "|today's|tomorrow's|current|tonight's|this weekend's)\\b"
              + GAP
              + "\\b(?:weather|temperatures?|forecast|rain|snow|sunny|umbrella|sunrise|sunset)\\b"
              + "|\\b(?:how(?:'s| is)|what(?:'s| is| will)) (?:the )?weather\\b(?! (?!be|like|in|at|for|near|outside|over|going|there|here))"
              + "|^\\W*(?:the )?weather (?:forecast |report )?(?:in|for|at|near)\\b|\\bweather (?:forecast|report) (?:for|in)\\b"
              + "|(?<!why )\\b(?:will|is|does|did) it (?:be |going to (?:be )?|gonna )?(?:rain|snow|storm|sunny|hot|cold|warm|windy|freezing|humid)"
              + "|\\bhow (?:hot|cold|warm|windy|humid) is it\\b|\\bneed an umbrella\\b",
          LASTING
              + "|\\baverage\\b|\\busually\\b|\\btypical(?:ly)?\\b|\\b(?:in|during) (?:the )?(?:january|february|march|april|may|june|july|august|september|october|november|december|spring|summer|autumn|fall|winter)\\b",
          "weather",
          "temperature",
          "temperatures",
          "forecast",
          "rain",
          "raining",
          "rainy",
          "snow",
          "snowing",
          "snowy",
          "sunny",
          "humid",
          "humidity",
          "umbrella",
          "windy",
          "storm",
          "storms",
          "hot",
          "cold",
          "warm",
          "freezing",
          "sunrise",
          "sunset");

  private static final QuestionRule TIME =
      rule(
          Reason.Code.DYNAMIC,
          "time",
          "\\bwhat(?:'s| is)? (?:the )?(?:exact |current |local |correct )?(?:time|date|day|year|month|week)(?: and (?:time|date))?(?: of the week)?(?: is it| it is)?(?: right)?(?: now| today| tomorrow| here)?(?: (?:in|at) [\\w .,'-]{1,60})?\\W*$"
              + "|\\bwhat (?:time|day|date|year|month|week|day of the week) (?:is|was|will) (?:it|today|tomorrow|yesterday)\\b|\\bwhat (?:time|day) it is\\b"
              + "|\\b(?:today's|todays|tomorrow's|yesterday's|current|present) (?:local )?(?:date|time|day|year)\\b"
              + "|\\b(?:have|tell me|give me) the (?:exact |current |local )?(?:time|date)\\b(?! (?:of|when|for|that))"
              + "|\\bhow (?:many (?:days|weeks|hours|months|sleeps)|long|much time)(?: is it| is left| are left| left| are there)? (?:un)?till? (?:christmas|new year|easter|halloween|thanksgiving|the weekend|friday|monday|ramadan|diwali|summer|midnight)",
          LASTING
              + "|\\b(?:java|javascript|python|sql|bash|excel|c\\+\\+|c#|php|golang|rust|ruby|kotlin|typescript|linux|code|function|zone|format)\\b",
          "time",
          "date",
          "day",
          "days",
          "year",
          "month",
          "week",
          "weeks",
          "todays",
          "long",
          "sleeps",
          "hours",
          "months");

  private static final QuestionRule PRICE =
      rule(
          Reason.Code.DYNAMIC,
          "price",
          "\\b(?:prices?|costs?|rates?|quotes?|worth|trading|trades?|trade at|how much|value|market cap)\\b"
              + GAP
              + "\\b"
              + NOW
              + "\\b|\\b(?:"
              + NOW
              + "|today's|current|latest|live|real-time|real time|up-to-date)\\b"
              + WORDS
              + "(?:prices?|costs?|rates?(?! limit)|quotes?|market cap|trading at)\\b"
              + "|\\b(?:stock|share|bitcoin|btc|eth|ethereum|crypto|cryptocurrency|gold|silver|oil|gas|petrol|diesel|fuel) prices?\\b"
              + "|\\b(?:price|value|worth) of (?:a |an |one |the )?(?:bitcoins?|btc|ethereum|eth|dogecoin|solana|gold|silver|platinum|crude|oil|gasoline|petrol)\\b"
              + "|\\bhow much (?:is|are) (?:a |an |one |the )?(?:bitcoins?|btc|ethereum|eth|dogecoin|gold|silver|dollar|euro|shares?)\\b"
              + "|\\bexchange rates?\\b|(?<!in )\\b(?:stocks?|shares?|bitcoin|ethereum|nasdaq|dow|dow jones|s&p(?: 500)?|ftse|dax|nikkei)\\b"
              + GAP
              + "\\b(?:trading at|doing|up or down|"
              + NOW
              + ")\\b|\\bwhat(?:'s| is) [\\w&. ]{1,30} trading at\\b"
              + "|\\b(?:convert|how (?:much|many))\\b"
              + GAP
              + "\\b"
              + CURRENCY
              + " (?:to|into|in|for) "
              + CURRENCY
              + "\\b|\\b"
              + CURRENCY
              + " to "
              + CURRENCY
              + "\\b",
          LASTING + "|\\b(?:1[5-9]|20)\\d\\d\\b",
          "price",
          "prices",
          "cost",
          "costs",
          "rate",
          "rates",
          "quote",
          "quotes",
          "worth",
          "trading",
          "trade",
          "trades",
          "much",
          "many",
          "value",
          "cap",
          "stock",
          "stocks",
          "share",
          "shares",
          "bitcoin",
          "ethereum",
          "nasdaq",
          "dow",
          "s",
          "ftse",
          "dax",
          "nikkei",
          "convert",
          "usd",
          "eur",
          "gbp",
          "jpy",
          "chf",
          "cad",
          "aud",
          "inr",
          "cny",
          "btc",
          "eth",
          "dollar",
          "dollars",
          "euro",
          "euros",
          "pound",
          "pounds",
          "yen",
          "rupee",
          "rupees",
          "franc",
          "francs",
          "yuan",
          "peso",
          "pesos",
          "bitcoins");

  private static final QuestionRule NEWS =
      rule(
          Reason.Code.DYNAMIC,
          "news",
          "\\b(?:news|headlines?|scores?|standings)\\b"
              + GAP
              + "\\b"
              + THESE_DAYS
              + "\\b|\\b(?:latest|today's|breaking|recent|current|newest|tonight's|yesterday's|last night's|this week's|this morning's)\\b"
              + WORDS
              + "(?:news|headlines?|scores?|standings|election results|polls|football results|match results)\\b"
              + "|\\bany news\\b|\\b(?:what(?:'s| is)(?: in)?|show me|tell me|give me|read me|get me)(?: the| some| any)? news\\b"
              + "|\\b(?:breaking news|news (?:about|update))\\b|\\bwho(?:'s| is)? (?:won|winning|win|scored|playing|lost)\\b"
              + GAP
              + "\\b"
              + THESE_DAYS
              + "\\b|\\bwhat(?:'s| is| was) the (?:final )?score (?:of|in|for) (?:the|last|tonight's) [\\w' -]{1,40}(?:game|match)\\b|\\bwhat(?:'s| is) the score\\W*$"
              + "|\\bwhat(?:'s| is) (?:happening|going on|new)\\b"
              + GAP
              + "\\b(?:in the world|in the news|"
              + THESE_DAYS
              + ")\\b|\\bwhat(?:'s| is) trending\\b|\\bwhat happened\\b.{0,40}?\\b(?:today|yesterday|last night|this morning|this week)\\b",
          LASTING,
          "news",
          "headline",
          "headlines",
          "score",
          "scores",
          "standings",
          "results",
          "polls",
          "won",
          "winning",
          "win",
          "scored",
          "playing",
          "lost",
          "happening",
          "going",
          "new",
          "trending",
          "happened");

  private static final QuestionRule STATUS =
      rule(
          Reason.Code.DYNAMIC,
          "status",
          "\\b(?:in stock|available|unavailable|open|closed|down|up|online|offline|working|busy|delayed|on time|running late|wait|waiting time|playing|showing|traffic|outages?)\\b"
              + GAP
              + "\\b"
              + NOW
              + "\\b|\\b(?:is|are|who is|who's|what is|what's|any|which)\\b"
              + GAP
              + "\\b"
              + NOW
              + "\\b"
              + GAP
              + "\\b(?:down|open|closed|available|unavailable|in stock|delayed|online|offline|busy|playing|showing|traffic|outages?)\\b"
              + "|\\bis (?:the )?(?:[\\w.'-]{1,30} ){1,4}down(?: for| in)?\\b\\W*(?:\\?|everyone|my|$)"
              + "|\\b(?:is|are)\\b.{0,20}?\\bflights?\\b"
              + GAP
              + "\\b(?:delayed|on time|cancell?ed)\\b|\\b(?:how(?:'s| is) (?:the )?|is there (?:any |a lot of |much |heavy )?)traffic\\b",
          LASTING + "|\\bif\\b",
          "stock",
          "available",
          "unavailable",
          "open",
          "closed",
          "down",
          "up",
          "online",
          "offline",
          "working",
          "busy",
          "delayed",
          "time",
          "late",
          "wait",
          "waiting",
          "playing",
          "showing",
          "traffic",
          "outage",
          "outages",
          "canceled",
          "cancelled");

  private static final QuestionRule WRITING =
      rule(
          Reason.Code.CREATIVE,
          "writing",
          "\\b(?:write|compose|invent|make up|come up with|create|draft|tell|give|sing|generate|suggest|craft|need|want|think of)\\b(?: me| us| my \\w{1,20})?(?: an?| some| another| one more| two| three| five| ten| \\d{1,2}| the lyrics (?:to|of|for))?(?: "
              + PREPOSITION
              + "[\\w',-]{1,30}){0,3} (?:poems?|haikus?|sonnets?|limericks?|odes?|(?<!user )stor(?:y|ies)(?! points?| map|s? in jira)|fables?|fairy ?tales?|jokes?|puns?|songs?|lyrics|raps?|ballads?|lullab(?:y|ies)|slogans?|taglines?|mottos?|riddles?|screenplays?|monologues?|love letters?|(?:wedding|birthday) (?:speech|toast|message|wishes|vows)|wedding vows|(?:creative |catchy |cool |funny |unique )?names? for (?:my|our|a|an))\\b"
              + "|\\b(?:write|compose)(?: me)? lyrics\\b|\\btell (?:me|us) something funny\\b|\\bmake (?:me|us) laugh\\b|\\bknow any (?:good )?(?:jokes|riddles|stories)\\b",
          LASTING + "|\\btell (?:me|us) the story\\b",
          "poem",
          "poems",
          "haiku",
          "haikus",
          "sonnet",
          "sonnets",
          "limerick",
          "limericks",
          "ode",
          "odes",
          "story",
          "stories",
          "fable",
          "fables",
          "fairy",
          "fairytale",
          "fairytales",
          "joke",
          "jokes",
          "pun",
          "puns",
          "song",
          "songs",
          "lyrics",
          "rap",
          "raps",
          "ballad",
          "ballads",
          "lullaby",
          "lullabies",
          "slogan",
          "slogans",
          "tagline",
          "taglines",
          "motto",
          "mottos",
          "riddle",
          "riddles",
          "screenplay",
          "screenplays",
          "monologue",
          "monologues",
          "letter",
          "letters",
          "wedding",
          "birthday",
          "name",
          "names",
          "funny",
          "laugh");

  private static final QuestionRule CHANCE =
      rule(
          Reason.Code.CREATIVE,
          "chance",
          "\\bbrainstorm\\b|\\bsurprise me\\b|\\broll (?:a|the|two|some|\\d) (?:die|dices?|d\\d{1,3})\\b|\\b(?:flip|toss) a coin\\b|\\b(?:give|pick|choose|tell|show|generate)(?: me| us)? (?:an?|some|another|\\w{1,10}) random\\b|\\brandom (?:fact|joke|quote)\\b|\\bpick a (?:number|card)\\b",
          LASTING
              + "|\\b(?:probability|odds|chances?|expected|code|function|query|script|sql|java|javascript|python|bash|method|program)\\b",
          "brainstorm",
          "surprise",
          "roll",
          "flip",
          "toss",
          "random",
          "pick");

  static final List<QuestionRule> ALL =
      List.of(WEATHER, TIME, PRICE, NEWS, STATUS, WRITING, CHANCE);

  private DefaultQuestionRules() {}

  /** English needs no more than ASCII's cases, which are cheaper to compare than Unicode's. */
  private static QuestionRule rule(
      Reason.Code code, String name, String pattern, String exception, String... words) {
    return new QuestionRule(
        code,
        name,
        Pattern.compile(pattern, Pattern.CASE_INSENSITIVE),
        Pattern.compile(exception, Pattern.CASE_INSENSITIVE),
        Set.of(words));
  }
}
