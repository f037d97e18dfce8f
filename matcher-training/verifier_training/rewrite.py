"""Rewrites any question so that its answer stays the same, or so that it changes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import combinations
from random import Random

from .data import fraction

# Words whose exchange leaves the answer as it is.
SYNONYMS = """
buy purchase|big large|begin start|fix repair|kids children|quickly fast|film movie|doctor physician|
phone telephone|car automobile|happy glad|job occupation|lawyer attorney|cheap inexpensive|rich wealthy|
hard difficult|easy simple|smart intelligent|error mistake|photo picture|shop store|answer reply|
choose pick|help assist|need require|show display|tiny small|holiday vacation|
flat apartment|child kid|mom mother|dad father|bike bicycle|TV television|fridge refrigerator|advantages benefits|
disadvantages drawbacks|usually normally|often frequently|maybe perhaps|allowed permitted|illegal unlawful|
dangerous unsafe|important significant|quick fast|sofa couch|trash garbage|rubbish garbage|movie film|autumn fall|
lift elevator|football soccer|salary pay|company firm|workers employees|ill sick|speak talk|erase delete|
remove delete|activate enable|deactivate disable|cost price|get_rid_of remove|find_out learn|set_up install|
turn_on switch_on|turn_off switch_off|put_off postpone|call_off cancel|look_for search_for|earn make|
money cash|best ideal|ways methods|way method|reason cause|reasons causes|improve enhance|whole entire|
beautiful pretty|wrong incorrect|right correct|among amongst|while whilst|gonna going_to|
nearly almost|currently now|purpose aim|happen occur|
difference distinction|exam test|meaning definition|ways options|approximately roughly|
US USA|UK United_Kingdom|programming coding|software program|laptop notebook|
college university|girlfriend partner|stomach belly|vaccine vaccination|physician doctor|medicine medication
"""

# Words whose exchange changes the answer.
ANTONYMS = """
increase decrease|enable disable|on off|buy sell|before after|import export|cheap expensive|cheapest most_expensive|
open close|start stop|start finish|begin end|up down|upload download|install uninstall|lock unlock|hot cold|
warm cool|high low|higher lower|highest lowest|maximum minimum|max min|most least|more less|best worst|good bad|
better worse|advantages disadvantages|benefits risks|pros cons|accept reject|allow forbid|legal illegal|
safe dangerous|with without|inside outside|indoor outdoor|left right|first last|early late|earliest latest|
long short|longer shorter|longest shortest|big small|bigger smaller|biggest smallest|large tiny|larger smaller|
largest smallest|old new|old young|older younger|oldest youngest|rich poor|strong weak|fast slow|faster slower|
fastest slowest|heavy light|heavier lighter|easy hard|easiest hardest|win lose|gain lose|love hate|like dislike|
male female|man woman|men women|boys girls|boyfriend girlfriend|husband wife|mother father|son daughter|
morning evening|day night|summer winter|north south|east west|arrive leave|arrival departure|lend borrow|
send receive|give take|add remove|show hide|connect disconnect|encrypt decrypt|push pull|raise lower|
positive negative|public private|internal external|input output|encode decode|compress decompress|front back|
above below|over under|top bottom|near far|full empty|clean dirty|wet dry|dark bright|true false|right wrong|
possible impossible|same different|alive dead|birth death|born died|married divorced|subscribe unsubscribe|
follow unfollow|block unblock|mute unmute|hire fire|deposit withdraw|profit loss|credit debit|income expenses|
teacher student|employer employee|landlord tenant|seller buyer|sender receiver|parents children|question answer|
cause prevent|cause cure|lose_weight gain_weight|sunrise sunset|ascending descending|minimum maximum|create delete|
join leave|freeze melt|laugh cry|remember forget|success failure|victory defeat|war peace|always never|all none|
everyone nobody|many few|include exclude|expand collapse|attack defend|build destroy|past future|ancient modern|
domestic foreign|real fake|natural artificial|vertical horizontal|horizontally vertically|passed failed|vegetarian meat|
introvert extrovert|optimist pessimist|sweet sour|thick thin|deep shallow|wide narrow|tall short|loud quiet|
sharp dull|tight loose|rough smooth|hard soft|raw cooked|fresh stale|guilty innocent|single married|
import_from export_to|sign_in sign_out|log_in log_out|turn_on turn_off|switch_on switch_off|opt_in opt_out|
check_in check_out|speed_up slow_down|wake_up fall_asleep|minor adult|prefix suffix|debug release
"""

# Names of one kind: a question about one is not a question about another.
NAMES = """
India,China,Japan,Germany,France,Italy,Spain,Russia,Pakistan,Canada,Australia,Brazil,Mexico,Egypt,Iran,Israel,Nepal,Turkey,Sweden,Norway,Poland,Ireland,Singapore,Bangladesh,Indonesia,Nigeria,Kenya,Greece,Portugal,Ukraine
Delhi,Mumbai,Bangalore,Chennai,Hyderabad,Kolkata,Pune,London,Paris,Berlin,Madrid,Rome,Chicago,Boston,Seattle,Dubai,Toronto,Sydney,Tokyo,Beijing,Houston,Dallas,Vienna,Moscow
California,Texas,Florida,Ohio,Oregon,Nevada,Virginia,Arizona,Georgia,Michigan,Colorado,Alaska
Google,Facebook,Microsoft,Apple,Amazon,Twitter,Instagram,WhatsApp,Snapchat,YouTube,Quora,LinkedIn,Uber,Netflix,Reddit,Gmail,Yahoo,PayPal,eBay,Airbnb,Tinder,Pinterest
Python,Java,JavaScript,PHP,Ruby,Swift,Kotlin,SQL,HTML,MATLAB,Perl,Scala
Android,iPhone,Windows,Linux,macOS,Ubuntu,iPad
Trump,Clinton,Obama,Modi,Putin,Sanders,Kejriwal,Gandhi,Hitler,Stalin,Lincoln,Einstein,Newton,Tesla
English,Hindi,French,German,Spanish,Chinese,Japanese,Arabic,Russian,Tamil,Telugu,Korean,Italian
Samsung,Sony,Nokia,Lenovo,Dell,HP,Asus,Xiaomi,Huawei,Motorola
BMW,Audi,Toyota,Honda,Ford,Hyundai,Mercedes,Volkswagen,Nissan,Suzuki
Monday,Tuesday,Wednesday,Thursday,Friday,Saturday,Sunday
January,February,March,April,June,July,August,September,October,November,December
physics,chemistry,biology,mathematics,history,economics,geography,psychology,philosophy
dog,cat,horse,rabbit,hamster,parrot,snake,goldfish
guitar,piano,violin,drums,flute,trumpet
football,cricket,tennis,basketball,hockey,golf,baseball,rugby
MBA,MS,PhD,BTech,BBA,LLB
red,blue,green,black,white,yellow,purple,orange,brown,pink
kilometers,miles,meters,feet,inches,centimeters,yards
kilograms,pounds,grams,ounces,tons
minutes,hours,days,weeks,months,years,seconds
dollars,euros,pounds,rupees,yen,francs
coffee,tea,milk,juice,beer,wine,water
asthma,diabetes,migraine,cancer,pneumonia,arthritis,depression,anemia,eczema
ibuprofen,aspirin,paracetamol,penicillin,insulin,antibiotics,steroids
checking,savings,credit,debit
breakfast,lunch,dinner
knee,shoulder,ankle,wrist,elbow,hip,neck,foot
engineer,doctor,lawyer,pilot,nurse,accountant,chef,plumber
"""

PREFIXES = [
    "Please tell me: ", "Hi, ", "Hello, ", "Hey, ", "Quick question: ", "Question: ", "I'd like to know: ",
    "I was wondering, ", "Just curious, ", "Sorry to ask, but ", "Good morning, ", "Help! ", "Excuse me, ",
]  # fmt: skip
SUFFIXES = [" Thanks!", " Thank you.", " Thanks in advance", " Please help.", " Any idea?", " please"]

OPENINGS = [
    ["How do I ", "How can I ", "How do you ", "How can one ", "How to ", "What's the way to ", "How should I ",
     "What is a way to ", "I want to know how to ", "In what way can I "],
    ["What is the best way to ", "What's the best way to ", "How can I best ", "What would be the best way to ",
     "Which is the best way to "],
    ["What is ", "What's ", "What exactly is ", "Can you tell me what is "],
    ["What are ", "What're ", "Can you tell me what are ", "Which are "],
    ["Why do ", "For what reason do ", "How come ", "What is the reason that "],
    ["Why is ", "For what reason is ", "Why exactly is "],
    ["Is it possible to ", "Can I ", "Can one ", "Is there a way to ", "Am I able to "],
    ["Where can I ", "Where do I ", "Where could I ", "Where should I go to "],
    ["When should I ", "At what time should I ", "When is the time to "],
    ["I want to ", "I would like to ", "I'd like to ", "I need to ", "I wish to "],
    ["Can you ", "Could you ", "Would you ", "Please ", "Are you able to "],
]  # fmt: skip

CONTRACTIONS = [
    ("what is", "what's"), ("who is", "who's"), ("where is", "where's"), ("how is", "how's"), ("it is", "it's"),
    ("i am", "i'm"), ("do not", "don't"), ("does not", "doesn't"), ("can not", "can't"), ("cannot", "can't"),
    ("is not", "isn't"), ("are not", "aren't"), ("will not", "won't"), ("should not", "shouldn't"),
    ("i have", "i've"), ("did not", "didn't"), ("i would", "i'd"), ("that is", "that's"), ("you are", "you're"),
]  # fmt: skip

QUESTION_WORDS = [
    ["How do I ", "Why do I ", "When do I ", "Where do I ", "When should I ", "Why should I ", "How often do I "],
    ["How can I ", "Why can I ", "When can I ", "Where can I "],
    ["What is ", "Who invented ", "How old is ", "Where is ", "Why is there "],
    ["Who is ", "Where is ", "How old is ", "How is "],
    ["How much ", "How often ", "How long "],
    ["When did ", "Why did ", "How did ", "Where did "],
    ["When was ", "Where was ", "Why was ", "How was "],
    ["Why is ", "When is ", "How is ", "Where is "],
    ["Why do ", "When do ", "How do ", "Where do ", "How often do "],
    ["Why does ", "When does ", "How does ", "Where does "],
]  # fmt: skip

SCOPES = [
    "for children", "for adults", "for beginners", "for experts", "for women", "for men", "in Germany", "in India",
    "in the USA", "in Japan", "on iOS", "on Android", "on Windows", "on Linux", "at night", "in winter", "in summer",
    "in the 19th century", "for free", "at home", "online", "without money", "during pregnancy", "for dogs",
    "for cats", "in one week", "in one month", "at school", "at work", "for students", "for companies", "in Africa",
    "on a weekday", "before an exam", "after surgery", "in Excel", "in Python", "abroad", "in a car", "on a plane",
]  # fmt: skip

# Verbs whose subject and object may not change places.
DIRECTED = """
love like hate eat beat attack kill marry follow support help hire trust need see treat leave call pay owe teach
understand defeat invade influence affect cause replace prevent contain control cover cure damage destroy drive
exceed fear fight harm hit improve join lead protect reduce reject respect save serve visit watch
"""

# Words that stand where a noun may stand, and that do not change places.
PRONOUNS = (
    "i|me|you|we|us|they|them|he|him|she|her|it|this|that|these|those|one|people|someone|anyone|"
    "there|not|to|what|who"
)

# Words that say that two things may change places, or that they stand side by side.
SIDE_BY_SIDE = re.compile(
    r"\b(and|or|nor|vs|versus|between|both|either|among|compar\w*|differ\w*|similar)\b|[,/&;]", re.I
)

AUXILIARY = "is|are|was|were|can|could|will|would|should|does|do|did|has|have|must|may"
SUBJECT = "it|i|you|we|they|he|she|there|this|that|one|people|someone|anyone"


def _pairs(text: str) -> list[tuple[str, str]]:
    found = (item.strip().split(" ") for item in text.replace("\n", " ").split("|") if item.strip())
    return [(first.replace("_", " "), second.replace("_", " ")) for first, second in found]


class Rewriter:
    """Makes rewrites for one split: its words are those whose hash falls into the split's share."""

    def __init__(self, random: Random, test: bool) -> None:
        self.random = random
        keep = lambda word: (fraction(word, "word") < 0.25) == test  # noqa: E731
        self.synonyms = self._table([p for p in _pairs(SYNONYMS) if keep(p[0])])
        self.antonyms = self._table([p for p in _pairs(ANTONYMS) if keep(p[0])])
        self.names: dict[str, list[str]] = {}
        self.kind_of: dict[str, int] = {}
        for kind, line in enumerate(NAMES.strip().split("\n")):
            names = line.split(",")
            self.kind_of.update({name.lower(): kind for name in names})
            usable = [name for name in names if keep(name)]
            for name in names:
                others = [other for other in usable if other != name]
                if others:
                    self.names[name.lower()] = others
        self.scopes = [scope for scope in SCOPES if keep(scope)]

    # Changes that leave the answer as it is.

    def same(self, text: str) -> str | None:
        """The question in other words, or None where nothing fits."""
        makers = [self.synonym, self.opening, self.contraction, self.polite, self.clause, self.either]
        return self._first(makers, text)

    def surface(self, text: str) -> str:
        """The question as someone in a hurry types it: case, punctuation, a typing error, politeness."""
        roll = self.random.random()
        if roll < 0.25:
            text = text.lower()
        elif roll < 0.45:
            text = text.rstrip("?.! ")
        elif roll < 0.6:
            text = text.lower().rstrip("?.! ")
        roll = self.random.random()
        if roll < 0.12:
            text = self.polite(text)
        elif roll < 0.22:
            text = self.typo(text)
        elif roll < 0.3:
            text = self.contraction(text) or text
        return text

    def synonym(self, text: str) -> str | None:
        return self._exchange(text, self.synonyms)

    def opening(self, text: str) -> str | None:
        return self._opening(text, OPENINGS)

    def contraction(self, text: str) -> str | None:
        order = list(CONTRACTIONS)
        self.random.shuffle(order)
        for long, short in order:
            for old, new in ((long, short), (short, long)):
                match = re.search(rf"\b{re.escape(old)}\b", text, re.I)
                if match:
                    return text[: match.start()] + _cased(new, match.group()) + text[match.end() :]
        return None

    def polite(self, text: str) -> str:
        if self.random.random() < 0.7:
            return self.random.choice(PREFIXES) + text
        return text + self.random.choice(SUFFIXES)

    def typo(self, text: str) -> str:
        words = text.split(" ")
        places = [i for i, word in enumerate(words) if len(word) > 5 and word.isalpha()]
        if not places:
            return text
        place = self.random.choice(places)
        word = words[place]
        at = self.random.randrange(1, len(word) - 2)
        roll = self.random.random()
        if roll < 0.4:
            word = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
        elif roll < 0.75:
            word = word[:at] + word[at + 1 :]
        else:
            word = word[:at] + word[at] + word[at:]
        words[place] = word
        return " ".join(words)

    def clause(self, text: str) -> str | None:
        """A leading or trailing "if" or "when" clause changes its place."""
        match = re.fullmatch(r"((?:If|When|In|For|After|Before) [^,?.]{5,60}), ([^?.]{8,})([?.]?)", text)
        if match:
            first, second, end = match.groups()
            return f"{_upper(second)} {_lower(first)}{end}"
        match = re.fullmatch(r"([A-Z][^,?.]{8,}?) ((?:if|when|after) [^,?.]{5,60}?)([?.]?)", text)
        if match and match[1].split(" ")[0].lower() not in ("what", "when"):
            first, second, end = match.groups()
            return f"{_upper(second)}, {_lower(first)}{end}"
        return None

    def either(self, text: str) -> str | None:
        """Two things change places where their order says nothing: A or B, between A and B, A vs B."""
        match = re.search(r"\b(between) ([\w' ]{1,30}?) (and) ([\w']+)|\b()([\w']+) (or|vs\.?|versus) ([\w']+)", text)
        if not match or "why" in text.lower():
            return None
        parts = [part for part in match.groups() if part]
        if match[1]:
            lead, first, link, second = parts
            return text.replace(match.group(), f"{lead} {second} {link} {first}", 1)
        first, link, second = parts
        if first.lower() in ("more", "less") or second.lower() in ("not", "more", "less", "any", "other"):
            return None
        return text.replace(match.group(), f"{second} {link} {first}", 1)

    # Changes after which the answer is another.

    def different(self, text: str, only: Sequence[str] = ()) -> tuple[str, str] | None:
        """A near question with another answer and the kind of change, or None where nothing (``only``) fits."""
        makers = {
            "number": self.number,
            "negation": self.negation,
            "antonym": self.antonym,
            "entity": self.entity,
            "direction": self.direction,
            "roles": self.roles,
            "question word": self.question_word,
            "scope": self.scope,
        }
        kinds = list(only or makers)
        self.random.shuffle(kinds)
        if not only and self.random.random() < 0.4:  # it fits nearly everywhere
            kinds.remove("negation")
        if self.random.random() < 0.75:  # the two that always fit come last
            kinds.sort(key=lambda kind: kind in ("scope", "question word"))
        for kind in kinds:
            changed = makers[kind](text)
            if changed and changed.lower() != text.lower():
                return changed, kind
        return None

    def number(self, text: str) -> str | None:
        matches = list(re.finditer(r"\d+(?:\.\d+)?", text))
        if not matches:
            return None
        match = self.random.choice(matches)
        old = match.group()
        if "." in old:
            new = f"{float(old) + self.random.choice([0.1, 0.5, 1, 1.2, 2]):.1f}"
        elif len(old) == 4 and old[:2] in ("18", "19", "20"):
            new = str(int(old) + self.random.choice([-20, -10, -4, -2, -1, 1, 2, 3, 4, 10]))
        else:
            value = int(old)
            new = str(max(0, self.random.choice([value + 1, value + 2, value * 2, value * 10, value // 2, value + 5])))
        return None if new == old else text[: match.start()] + new + text[match.end() :]

    def negation(self, text: str) -> str | None:
        match = re.search(r"\b(not |n't\b|never )", text)
        if match:
            if text[: match.start()].lower().endswith(("ca", "wo", "sha")):
                return None
            return text[: match.start()] + text[match.end() :]
        match = re.search(rf"\b({AUXILIARY}) ({SUBJECT})\b(?! not)", text, re.I)
        roll = self.random.random()
        if match and roll < 0.6:
            return text[: match.end()] + " not" + text[match.end() :]
        if match and match[1].lower() not in ("may", "will", "can", "am") and roll < 0.85:
            return text[: match.end(1)] + "n't" + text[match.end(1) :]
        match = re.search(rf"\b({SUBJECT}|[a-z]{{3,}}s?) (is|are|was|were|can|could|will|would|should)\b", text, re.I)
        if match and match[1].lower() not in ("what", "who", "where", "how", "when", "why", "which"):
            return text[: match.end()] + " not" + text[match.end() :]
        match = re.search(r"\b(how|when|where|why|best way|want|need|trying) to ", text, re.I)
        if match:
            return text[: match.end() - 3] + "not to " + text[match.end() :]
        match = re.match(r"(Why|When|Where|How) (do|does|did) (the |a |my )?(\w+)", text)
        if match:
            return text[: match.end()] + " not" + text[match.end() :]
        return None

    def antonym(self, text: str) -> str | None:
        return self._exchange(text, self.antonyms)

    def entity(self, text: str) -> str | None:
        matches = [m for m in re.finditer(r"[A-Za-z]+", text) if m.group().lower() in self.names]
        if not matches:
            return None
        match = self.random.choice(matches)
        new = self.random.choice(self.names[match.group().lower()])
        if match.group().islower():
            new = new.lower()
        return text[: match.start()] + new + text[match.end() :]

    def direction(self, text: str) -> str | None:
        word = r"(?:the |an? |my )?[\w'.-]+"
        for pattern, form in (
            (rf"\bfrom ({word}(?: [\w'.-]+)?) (to|into) ({word})", "from {2} {1} {0}"),
            (rf"\b(?:convert|change|turn|translate) ({word}) (to|into) ({word})", None),
            (rf"({word}) (better than|worse than|bigger than|larger than|stronger than|cheaper than|older than) ({word})",
             "{2} {1} {0}"),
            (r"\b([\w'.-]+) (instead of|over|before) ([\w'.-]+)(?=[?.]?$)", "{2} {1} {0}"),
        ):  # fmt: skip
            match = re.search(pattern, text, re.I)
            if match:
                new = form or match.group().split(" ")[0] + " {2} {1} {0}"
                changed = new.format(match[1], match[2], match[3])
                return text[: match.start()] + changed + text[match.end() :]
        return None

    def roles(self, text: str) -> str | None:
        """Who does and to whom it is done change places: subject and object, or two names of one kind."""
        noun = rf"(?!(?:{PRONOUNS})\b)(?:(?:the|an?|my|your) )?[\w'-]+"
        verbs = "|".join(DIRECTED.split())
        end = r"(?=[?.]?$| (?:in|on|at|for|if|when|with|near) )"
        asked = rf"\b(?:do|does|did|can|could|will|would|should) ({noun}) (?:{verbs}) ({noun}){end}"
        told = rf"\b((?:an?|the) \w+) (?:is|are|was|were) \w+ing ((?:an?|the) \w+){end}"
        match = re.search(asked, text, re.I) or re.search(told, text, re.I)
        if match:
            return self._exchanged(text, match.span(1), match.span(2))
        if SIDE_BY_SIDE.search(text):
            return None
        named = [m for m in re.finditer(r"[A-Za-z]+", text) if m.group().lower() in self.kind_of]
        for one, two in combinations(named, 2):
            first, second = one.group().lower(), two.group().lower()
            if first != second and self.kind_of[first] == self.kind_of[second]:
                return self._exchanged(text, one.span(), two.span())
        return None

    @staticmethod
    def _exchanged(text: str, one: tuple[int, int], two: tuple[int, int]) -> str:
        first, second = text[slice(*one)], text[slice(*two)]
        if one[0] == 0:
            first, second = _lower(first), _upper(second)
        return text[: one[0]] + second + text[one[1] : two[0]] + first + text[two[1] :]

    def question_word(self, text: str) -> str | None:
        return self._opening(text, QUESTION_WORDS)

    def scope(self, text: str) -> str | None:
        match = re.search(r"(\?|\.)?$", text)
        if not match or len(text) > 90 or not self.scopes:
            return None
        return f"{text[: match.start()]} {self.random.choice(self.scopes)}{match.group()}"

    def _first(self, makers: list, text: str) -> str | None:
        order = list(makers)
        self.random.shuffle(order)
        for maker in order:
            changed = maker(text)
            if changed and changed.lower() != text.lower():
                return changed
        return None

    def _opening(self, text: str, table: list[list[str]]) -> str | None:
        for openings in table:
            for opening in openings:
                if text.lower().startswith(opening.lower()):
                    others = [other for other in openings if other != opening]
                    return self.random.choice(others) + text[len(opening) :]
        return None

    def _exchange(self, text: str, table: dict[str, list[str]]) -> str | None:
        words = [m for m in re.finditer(r"[A-Za-z']+(?: (?:on|off|in|out|up|down|to|of|for|weight|rid))?", text)]
        places = []
        for match in words:
            for end in {match.group(), match.group().split(" ")[0]}:
                if end.lower() in table:
                    places.append((match.start(), end))
        if not places:
            return None
        start, old = self.random.choice(places)
        new = _cased(self.random.choice(table[old.lower()]), old)
        return text[:start] + new + text[start + len(old) :]

    @staticmethod
    def _table(pairs: list[tuple[str, str]]) -> dict[str, list[str]]:
        table: dict[str, list[str]] = {}
        for first, second in pairs:
            table.setdefault(first.lower(), []).append(second)
            table.setdefault(second.lower(), []).append(first)
        return table


def _cased(new: str, like: str) -> str:
    return _upper(new) if like[:1].isupper() else new


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def _lower(text: str) -> str:
    return text if text.startswith(("I ", "I'")) else text[:1].lower() + text[1:]
