"""Which language a post is in, from letters and common words; "unknown" when unsure. It never drives a label."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Final

import numpy as np

from classifier import foldtable
from classifier.kernels.kept import WAYS, Hashes, Voted, Votes
from classifier.kernels.lookup import addresses
from classifier.kernels.tongue import SPECIALS, VOICES, Tongue, detect_one
from classifier.text import code_points, compose

UNKNOWN: Final = "unknown"
LANGUAGES: Final = ("ru", "kk", "uz", "ky", "tg", "en")
LETTER_WORTH, WORD_WORTH = 2.0, 1.5
LEAST, LEAD = 1.5, 1.25  # score needed, and how far the best must be ahead of the second

# Letters that Russian lacks, with the languages that write them; fewer languages say more.
LETTERS: Final = {
    **dict.fromkeys("әұһ", "kk"),
    **dict.fromkeys("ңөү", "kk ky"),
    "і": "kk",
    "қ": "kk uz tg",
    "ғ": "kk uz tg",
    "ҳ": "uz tg",
    "ў": "uz",
    **dict.fromkeys("ҷӣӯ", "tg"),
}


def by_language(listed: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """The languages of every word that is listed, in the order of the lists."""
    named: dict[str, dict[str, None]] = {}
    for language, words in listed.items():
        for word in words.split():
            named.setdefault(word, {})[language] = None
    return {word: tuple(languages) for word, languages in named.items()}


# Common words that are spelt so in one of the six languages, or nearly only there.
WORDS: Final = {
    "ru": """и в не на что с как это по но из у за от же так все вы он она мы они был была было быть есть для если
        или уже только ещё еще когда где кто чтобы меня тебя его её их нас вас мне тебе ему нам вам свой себя
        который которые можно надо нужно нет да вот там тут тоже очень после без до при про под над через день год
        людей люди работа работу деньги сегодня завтра вчера кому чего почему ну ли бы сам сейчас просто всем
        i v ne na chto kak eto po no iz za ot zhe tak vse vy ona oni byl bylo est dlya esli ili uzhe tolko kogda gde kto
        menya tebya ego nas vas mne tebe nam vam mozhno nado nuzhno net vot tam tut tozhe ochen posle bez pro segodnya
        zavtra rabota dengi pishi pishite parni rebyata brat kogo chego pochemu prosto seichas seychas""",
    "kk": """және мен сен біз сіз олар бұл сол осы ол бар жоқ емес деп үшін керек болды болады болып еді екен ғой
        қазір бүгін ертең кеше қайда қалай қандай неге кім не да де та те ма ме ба бе па пе бір екі үш көп аз ең
        жақсы жаман бала адам ел халық жер жұмыс ақша уақыт күн жыл бойынша туралы дейін кейін сияқты арқылы
        бәрі барлық өз менің сенің оның біздің сіздің олардың маған саған оған бізге сізге оларға келіңіз келіңдер
        емеспін жатыр тұр отыр жүр қой гой кайда калай казир бугин керек жок емес ушин болады екен
        jane men sen biz siz bul sol osy bar joq emes dep ushin kerek boldy bolady qazir bugin erten qaida qalai qalay
        nege kim qoi goi bir eki kop jaqsy bala adam jer jumys aqsha kun jyl turaly deiin keiin barlyq menin senin onyn
        bizdin maghan magan sagan zhok zhaksy zhumys akwa aqwa jatyr jatqan otken kazir bolgan kelgen ketken bergen
        aldym keldim bardym barady keledi bermeidi jaman jigit jigitter balalar apke apkeler inim agai qansha neshe
        barlygy bizge sizge olarga tenge mektep uide ustap razy jasy tolatyn jazynyz habarlas habarlasynyz jibering
        sodan birge eshkim eshqashan kerekpi jasaimyn ketti keldi bardy""",
    "uz": """va bu bilan uchun ham emas edi esa bor yo'q yoq kerak qanday qachon qayerda nima kim men sen biz siz ular
        men mening sening uning bizning lekin ammo faqat juda yaxshi yomon bugun ertaga kecha ish pul odam odamlar xalq
        keyin avval agar yoki hamma barcha har bir ikki uch kun yil haqida bo'ldi bo'ladi bo'lib bo'lgan bolgan boladi
        narxi qancha bormayman bormaymiz bizda sizda borib kelgan qilamiz qilasiz bo'lsa bolsa bormi rahmat ukam akam
        bolalar uyda maktab viloyat hukumat oyiga ming so'm oila onam otam qayerga qaysi necha shunday bunday hech
        kelsin boring keling yozing berasizmi sotiladi kerakmi menga senga unga bizga sizga ularga
        qildi qiladi qilib qilgan deb dedi degan kelib olib ekan endi hozir shu o'sha mana nega o'z o'zi
        ва бу билан учун ҳам эмас эди эса бор йўқ керак қандай қачон қаерда нима ким мен сен биз сиз улар менинг
        сенинг унинг бизнинг лекин аммо фақат жуда яхши ёмон бугун эртага кеча иш пул одам одамлар халқ кейин аввал
        агар ёки ҳамма барча ҳар бир икки кун йил ҳақида бўлди бўлади бўлиб бўлган қилди қилади қилиб қилган деб деди
        деган келиб олиб экан энди ҳозир шу ўша мана нега ўз""",
    "ky": """жана мен сен биз сиз алар бул ошол ушул ал бар жок эмес деп үчүн керек болду болот болуп эле экен го
        азыр бүгүн эртең кечээ кайда кандай эмне эмнеге ким бир эки үч көп аз эң жакшы жаман бала адам эл жер иш
        акча убакыт күн жыл боюнча жөнүндө чейин кийин сыяктуу аркылуу баары бардык өз менин сенин анын биздин сиздин
        алардын мага сага ага бизге силерге келди келет кылып кылган турат жатат жүрөт отурат дагы гана бирок менен
        күнү бүгүнкү тууралуу кылуу окуу үйгө өтөт өткөн жатам жатабыз жүргөн кылба кылгыла келгиле болбойт балдар байке
        эже өкмөт мыйзам кечки миң барат кетти келдим кетем берем берет айтты айтат билбейм эмеспи экенин бүт баарыбыз
        ошентип мындай анткени ушунча чоң кичине чыкты турган элем элек болсун ачты чек сатылат каалаганың иштейт
        ооба эми ошондой болсо болгон деген керекпи барбы""",
    "tg": """ва дар ба аз бо барои ки ин он аст нест буд шуд мешавад мекунад кард карда мо шумо онҳо ман ту ӯ чӣ кӣ
        куҷо кай чаро чӣ хел ҳам низ ҳар ҳама бисёр хуб бад имрӯз дирӯз фардо кор пул одам мардум рӯз сол агар ё
        лекин аммо фақат то пас баъд пеш худ худро як ду се дигар нав калон хурд мегӯянд гуфт гуфтанд дорад дорам
        доранд надорад нашуд намешавад ҳаст ҳастам ҳастанд кардан кардам кунед биёед рафт омад меояд меравад
        хона бача бародар хоҳар модар падар душанбе тоҷикистон метавонад бояд""",
    "en": """the of and to in is that it for you was with on as are be at this have from or had by not but what all were
        when we there can an your which their if will each about how up out them then she many some so these would
        other into has more her two like him see time could no make than been its who now people my made over did
        down only way find use may long they he his i me our just don't it's i'm get got want go going work money
        need does why where because any good after before still here too very anyone""",
}  # fmt: skip
VOCABULARY: Final[dict[str, tuple[str, ...]]] = by_language(WORDS)
# Endings of two to five letters that are common in one language and rare in the others.
ENDINGS: Final = {
    "ru": "ться ого ии ый ые ить ать ется ешь его ому ыми ение ость ается али ила ало",
    "ky": "быз гыла койт пайт бейт чу нын лар лер дын оо уу өө үү тун дөн",
    "uz": """лар лари ларни ларда лардан ларга нинг япти япман япсан япмиз инглар ингиз диган моқда ётган ишди миз
        lar lari larni larda lardan larga ning yapti yapman yapsan yapmiz inglar ingiz digan moqda yotgan sin miz""",
    "kk": """дың дің ның нің тың тің мын мін сың сің ған ген қан ып іп
        dyn tyn nyn dyng tyng nyng amyn emin adi edi gen ken yp ip niz""",
    "tg": "ҳо ҳои ҳоро ҳоям анд ашон ӣ аст ро",
}
ENDING: Final[dict[str, tuple[str, ...]]] = by_language(ENDINGS)
HINT_WORTH: Final = 0.6
SPECIAL: Final = {letter: tuple(names.split()) for letter, names in LETTERS.items()}
PLAIN_WORTH: Final = 0.12  # a Cyrillic word that says nothing else speaks a little for Russian, ...
SPECIAL_COST: Final = 0.5  # ... and one with a letter that Russian lacks against it


def weigh(word: str) -> list[float]:
    """Votes of a common word, in the order of `LANGUAGES`; the fewer languages have it, the more it says."""
    return [WORD_WORTH / len(VOCABULARY[word]) if name in VOCABULARY[word] else 0.0 for name in LANGUAGES]


def hashed(votes: Mapping[str, Sequence[float]]) -> tuple[Hashes, Votes]:
    """A table of words, and their votes at its places."""
    keys, slots = addresses([code_points(word).tolist() for word in votes])
    rows = np.zeros((len(keys), len(LANGUAGES)))
    rows[slots] = list(votes.values())
    return keys, rows


@cache
def tongue() -> Tongue:
    """The tables of the compiled detection."""
    endings = {ending: [HINT_WORTH * (name in names) for name in LANGUAGES] for ending, names in ENDING.items()}
    letters = np.full((SPECIALS, len(LANGUAGES)), -1.0)
    for letter, names in SPECIAL.items():
        letters[ord(letter)] = [LETTER_WORTH / len(names) ** 2 * (name in names) for name in LANGUAGES]
    worth = np.zeros((4, len(LANGUAGES)))
    worth[0, LANGUAGES.index("ky")] = worth[1, LANGUAGES.index("uz")] = HINT_WORTH
    worth[2, LANGUAGES.index("ru")], worth[3, LANGUAGES.index("ru")] = PLAIN_WORTH, -SPECIAL_COST
    return Tongue(*hashed({word: weigh(word) for word in VOCABULARY}), *hashed(endings), letters, worth, LEAST, LEAD)


def name_of(place: int) -> str:
    """Name of a language by its place in what was noted of a post."""
    return LANGUAGES[place] if place >= 0 else UNKNOWN


def detect(text: str) -> str:
    """Language of most of a text.

    Parameters
    ----------
    text : str
        A post.

    Returns
    -------
    str
        One of `LANGUAGES`, or "unknown".
    """
    composed = code_points(compose(text)[0])
    return name_of(detect_one(composed, foldtable.folding(), tongue(), Voted.empty(WAYS, VOICES)))
