"""Messages such as people write, in five scripts: few words are in most of them, most words in few.

English, Ukrainian, Chinese, Japanese, Thai. Each language has its commonest words and, behind them, thousands made of
its syllables, chosen by Zipf's law. The same in every run.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from random import Random

MADE_UP = 6000
"""Rarer words of each language."""

LATIN = "an be con der ex for ing ler ment no or per qui ra ster tion un ver wi yo za lo mi cha spe tru blo"
CYRILLIC = "ба ве го дин є жа зу ій ко ля мо ні об при ре сть ту фі ха це чо ша щі ю пере ськ"
THAI = "กา ขอ คน งาม จัก ชื่อ ดี ตัว ทาง นอก บาท ปี ผล พูด ฟ้า มาก ยา รัก ลูก วัด สี หก อยู่"
HAN = "的一是不了人我在有他这为之大来以个中上们到说国和地也子时道出而要于就下得可你年生自会那后能对着事其里"
KANA = "あいうえおかきくけこさしすせそたちつてとなにぬねのはひふへほまみむめもやゆよらりるれろわん"


@dataclass(frozen=True)
class Language:
    common: str
    syllables: list[str]
    between: str
    share: int
    """Of a hundred messages."""

    def words(self, random: Random) -> list[str]:
        made = ["".join(random.choices(self.syllables, k=random.randint(2, 4))) for _ in range(MADE_UP)]
        return list(dict.fromkeys([*self.common.split(), *made]))


LANGUAGES = (
    Language(
        "the to and you a it is that of in i for on me this have be my with we what so not are do can just at like was "
        "but your get if up go know no there all now good how when or time out one see about think want here some "
        "work need okay meeting deadline release budget invoice tomorrow server message party pizza train",
        LATIN.split(),
        " ",
        50,
    ),
    Language(
        "і не в на що я з у це та як до а ти так ми він але за є вже все для було мені мене вона вони про буде можна "
        "добре завтра сьогодні зустріч гроші привіт дякую робота їжак щастя п'ятниця їхати вечеря сонце книга",
        CYRILLIC.split(),
        " ",
        15,
    ),
    Language(" ".join(HAN), [*HAN, *(chr(one) for one in range(0x4E00, 0x5600))], "", 15),
    Language(
        "今日 明日 会議 の は が を に です ます ました する から まで ありがとう お願い 東京 大丈夫 電車 時間 仕事",
        [*KANA, *(chr(one) for one in range(0x6600, 0x6A00))],
        "",
        10,
    ),
    Language(
        "ครับ ค่ะ ไป มา กิน ข้าว วันนี้ พรุ่งนี้ ประชุม ที่ และ ได้ ไม่ มี เป็น ของ บ้าน ทำ งาน ขอบคุณ กรุงเทพ เวลา น้ำ", THAI.split(), "", 10
    ),
)


def vocabularies() -> list[list[str]]:
    """The words of each language, the commonest first."""
    return [language.words(Random(place)) for place, language in enumerate(LANGUAGES)]  # noqa: S311  no secret


def parts_of_messages(count: int) -> Iterator[str]:
    """Halves, which are put together in twos: so that a few make many different messages."""
    random = Random(count)  # noqa: S311  no secret
    dealt = [
        (words, list(accumulate(1 / (rank + 2) for rank in range(len(words)))), language)
        for words, language in zip(vocabularies(), LANGUAGES, strict=True)
    ]
    shares = [language.share for language in LANGUAGES]
    for words, weights, language in random.choices(dealt, shares, k=count):
        yield language.between.join(random.choices(words, cum_weights=weights, k=random.randint(2, 11)))
