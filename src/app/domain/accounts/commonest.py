"""The passwords that everybody tries first (NIST 800-63B, 3.1.1.2), known by words and by the patterns around them.

Offline and small on purpose: a list of a million would slow the start and refuse little more, because most of such
a list is shorter than a password may be here, or is one of these words with a number behind it.
"""

import re
import unicodedata
from itertools import chain

KEYBOARDS = (
    "`1234567890-=",
    "qwertyuiop[]",
    "asdfghjkl;'",
    "zxcvbnm,./",
    "azertyuiop",
    "qsdfghjklm",
    "wxcvbn",
    "qwertzuiop",
    "yxcvbnm",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm",
    "1q2w3e4r5t6y7u8i9o0p",
    "q1w2e3r4t5y6u7i8o9p0",
    "zaq12wsxcde34rfvbgt5",
    "qazwsxedcrfvtgbyhnujmik",
    "123qweasdzxc",
    "asdfqwerzxcv",
    "741852963",
    "147258369",
    "159357258456",
    "789456123",
    "йцукенгшщзхъ",
    "фывапролджэ",
    "ячсмитьбю",
    "йцукенгшщзхї",
    "фівапролджє",
)
"""Rows and well-worn zigzags of keyboards and number pads; runs along them in either direction are guessed early."""

WORDS = frozenset(
    """
    aaron abcdef access account action admin administrator adminadmin adobe alexander alexis amanda america anderson
    andrea andrew android angel angela angelina animal anthony apple april arsenal arthur asdf asdasd august austin
    awesome babygirl bailey banana barcelona barney baseball basketball batman beautiful benjamin bigdaddy blahblah
    blessed blink booboo boston brandon brandy brooklyn brother bubbles buddy bulldog buster butterfly camaro canada
    captain carlos caroline changeme charles charlie cheese chelsea chester chicago chicken chocolate chris
    christian christopher coffee college computer connect cookie cooper corvette cowboy cowboys cristina crystal
    dallas daniel danielle darkness database december default demo diamond dolphin dolphins donald dragon dragonball
    dreamer eagles elephant elizabeth eminem everton examples fernando ferrari fireball firebird fishing flower
    flowers football forever formula freedom friday friend friends fuckyou gabriel gandalf garfield gateway genesis
    george gibson giants ginger google guest guitar hacker hammer hannah happiness happy hardcore harley heather
    hello hellokitty helloworld hockey homer hunter iceman iloveu iloveyou incorrect infinity internet ironman
    jackson jaguar jasmine jason jeffrey jennifer jessica jesus jesuschrist jonathan jordan joseph joshua junior
    justin karate katherine killer kimberly kingdom kristina lakers lauren leonardo letmein lightning linkedin
    little liverpool lollipop london loveme lovely loverboy loveyou lucky madison maggie manager manchester marina
    marine mario martin marvin master matrix matthew maverick melissa mercedes merlin metallica michael michelle
    mickey microsoft midnight minecraft mistress monday money monkey monster morgan motorola mountain muffin mustang
    nathan naruto natasha newyork nicholas nicole nintendo nirvana nothing november october office oliver orange
    pa55word pakistan pass passport passphrase passwd password passwords passw0rd patricia patrick peaches peanut
    pepper phoenix photoshop playboy player please pokemon porsche prince princess private profile purple qwerty
    rabbit rachel raiders rainbow ranger rangers raymond realmadrid rebecca redsox remember richard robert rocket
    rockstar ronaldo rosebud runner russia sabrina samantha samsung sandra saturday scooter scorpion secret secure
    security september server service shadow shannon sharon shopping simple single skywalker slayer slipknot
    snickers snoopy snowball soccer softball soleil something sophie spartan special spiderman spring startrek
    starwars stephanie steven student success summer sunday sunflower sunshine superman superstar supervisor sweet
    sweetheart sweety system taylor teacher temp temporary tennis teresa test tester testing testtest thomas thunder
    tiffany tigers tigger tinkerbell toor trustme trustno toyota travis trouble trustnoone truelove turtle tweety
    twitter ubuntu unknown user valentina vanessa victoria viktoria vincent volleyball warcraft warrior webmaster
    welcome whatever whocares william willow windows winner winston winter wizard wolverine wonderland xxxxxx yamaha
    yankees yellow zaqwsx zxcvbn correcthorsebatterystaple пароль привет любовь паролька наташа максим солнышко 密码
    我爱你 パスワード contraseña motdepasse passwort hallo schatz geheim wachtwoord welkom hasło polska senha brasil
    tequiero teamo juventus azerty doudou marseille sverige salasana parola kotek misiek
    """.split()  # noqa: SIM905  four hundred words read better as words
)

TAILS = re.compile(r"(?:\d{1,3}|1234|12345|123456|(?:19|20)\d\d|abc|xyz)?[!.?*#$@_]{0,3}")
"""What people add to make a form accept the word."""

DOCUMENTED = frozenset({"secret1234"})
"""Document A registers with this one, and a documented request has to work."""

LEET = str.maketrans(
    {"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "8": "b", "@": "a", "$": "s", "!": "i"}
)

LONGEST_UNIT = 4
SHORTEST_RUN = 4


def is_common(password: str) -> bool:
    """Would a guesser try it among the first million? Case and accents of width make no difference."""
    folded = unicodedata.normalize("NFKC", password).lower()
    return folded not in DOCUMENTED and (_is_word_with_tail(folded) or _is_repeated(folded) or _is_of_runs(folded))


def _is_word_with_tail(folded: str) -> bool:
    plain, leet = folded.strip("!.?*#$@_ "), folded.translate(LEET)
    if {folded, plain, leet, leet.rstrip("i")} & WORDS:
        return True
    for end in range(len(folded), 1, -1):
        head = folded[:end]
        if {head, head.translate(LEET)} & WORDS and TAILS.fullmatch(folded, end):
            return True
    return False


def _is_repeated(folded: str) -> bool:
    """`aaaaaaaa`, `12121212`, `abcabcabc`; and a common word said twice."""
    length = len(folded)
    half = folded[: length // 2]
    return any(
        length > unit and folded == (folded[:unit] * (length // unit + 1))[:length]
        for unit in range(1, LONGEST_UNIT + 1)
    ) or (folded == half * 2 and half in WORDS)


def _is_of_runs(folded: str) -> bool:
    """Made of nothing but runs along the alphabet, the digits or a keyboard: `abcd1234`, `qwertyuiop`, `87654321`."""
    start = 0
    while start < len(folded):
        run = max(_run_by_code(folded, start), _run_on_keyboard(folded, start))
        if run < min(SHORTEST_RUN, len(folded)):
            return 0 < len(folded) - start < SHORTEST_RUN and start > 0 and TAILS.fullmatch(folded, start) is not None
        start += run
    return bool(folded)


def _run_by_code(text: str, start: int) -> int:
    best = 1
    for step in (1, -1, 0):
        end = start + 1
        while end < len(text) and ord(text[end]) - ord(text[end - 1]) == step:
            end += 1
        best = max(best, end - start)
    return best


WALKS = tuple(chain.from_iterable((row, row[::-1]) for row in KEYBOARDS))


def _run_on_keyboard(text: str, start: int) -> int:
    best = 1
    for walk in WALKS:
        while start + best < len(text) and text[start : start + best + 1] in walk:
            best += 1
    return best
