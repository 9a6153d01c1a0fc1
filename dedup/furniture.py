"""What page furniture looks like: the phrases that lines of it begin with, in the languages news comes in.

A line is furniture when it begins with one of a kind's phrases and is no longer than that kind allows. Phrases are
written folded: lower case, words parted by one blank, no punctuation.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of furniture: what it is called, how its lines begin, how many words they have at most.

    ``opens`` marks the head of a box: teasers that follow it go with it.
    """

    reason: str
    phrases: tuple[str, ...]
    max_words: int
    opens: bool = False


KINDS = (
    Kind("comment form", (
        "leave a reply", "leave a comment", "leave your comment", "post a comment", "add a comment", "write a comment",
        "cancel reply", "your email address will not be published", "required fields are marked",
        "save my name email", "please log in to comment", "comments are closed", "view comments", "show comments",
        "join the conversation", "deja un comentario", "laisser un commentaire", "laissez un commentaire",
        "schreibe einen kommentar", "kommentar schreiben", "оставить комментарий", "добавить комментарий",
        "bir cevap yazın", "yorum yap", "اترك تعليقا", "発表评论", "发表评论", "deine e mail adresse wird nicht",
        "ihre e mail adresse wird nicht", "tu dirección de correo electrónico no será", "votre adresse e mail ne sera pas",
        "votre adresse de messagerie ne sera pas", "il tuo indirizzo email non sarà", "o seu endereço de e mail não será",
        "seu endereço de email não será", "ваш адрес email не будет", "ваш e mail не будет", "e posta hesabınız yayımlanmayacak",
    ), 30),
    Kind("comment form", (
        "post comment", "submit comment", "send comment", "kommentar abschicken", "kommentar absenden", "publicar comentario",
        "publicar el comentario", "enviar comentario", "envoyer le commentaire", "publier le commentaire", "invia commento",
        "publicar comentário", "enviar comentário", "отправить комментарий", "опубликовать комментарий", "yorum gönder",
    ), 4),
    Kind("form field", (
        "name", "your name", "email", "e mail", "your email", "website", "comment", "nombre", "correo electrónico", "nom",
        "adresse de messagerie", "nome", "имя", "комментарий", "ad", "isim", "e posta", "comentario", "commentaire", "kommentar",
    ), 3),
    Kind("links to other articles", (
        "check also", "related articles", "related stories", "related news", "related posts", "related content",
        "related coverage", "related topics", "related reading", "see also", "read also", "also read", "read next",
        "up next", "more from", "more on this", "more stories", "more news", "more like this", "most read",
        "most popular", "most viewed", "trending now", "trending stories", "recommended for you", "recommended stories",
        "you may also like", "you might also like", "you may like", "dont miss", "don't miss", "editors' picks",
        "editor s picks", "latest news", "latest stories", "top stories", "previous article", "next article",
        "lea tambien", "lea también", "te puede interesar", "noticias relacionadas", "lire aussi", "a lire aussi",
        "à lire aussi", "sur le même sujet", "lesen sie auch", "mehr zum thema", "das könnte sie auch interessieren",
        "leggi anche", "leia também", "lees ook", "czytaj też", "czytaj także", "читайте также", "читать также",
        "по теме", "ilgili haberler", "i̇lgili haberler", "bunlar da ilginizi çekebilir", "اقرأ أيضا", "مواضيع ذات صلة",
        "相关阅读", "相关新闻", "関連記事",
    ), 8, opens=True),
    Kind("link to another article", ("read more", "related", "see more", "continue reading", "watch", "listen"), 16),
    Kind("advertisement", (
        "advertisement", "sponsored content", "sponsored", "story continues", "article continues", "scroll to continue",
        "scroll down to continue", "continue reading below", "continue reading the main story", "advertisement story",
        "anzeige", "publicidad", "publicité", "werbung", "реклама", "reklam",
    ), 8),
    Kind("share buttons", (
        "share this", "share on", "share via", "share", "facebook twitter", "facebook x", "tweet share", "tweet this",
        "tweet", "email this", "print this", "print", "copy link", "click to share", "save this story", "compartir",
        "partager", "teilen", "поделиться", "paylaş", "auf facebook", "auf twitter", "auf x", "auf whatsapp", "auf linkedin",
        "twittern", "per e mail", "link kopieren", "artikel teilen", "drucken", "tuitear", "enviar por", "copiar enlace",
        "copiar link", "imprimir", "envoyer par", "copier le lien", "imprimer", "tweeter", "condividi", "copia link",
        "stampa", "compartilhar", "compartilhe", "partilhar", "delen", "deel", "udostępnij", "отправить по", "скопировать ссылку",
        "твитнуть", "распечатать", "yazdır", "facebook ta paylaş", "facebook da paylaş", "twitter da paylaş",
    ), 8),
    Kind("newsletter or subscription box", (
        "subscribe to", "subscribe now", "subscribe for", "sign up for", "sign up to", "sign up here", "sign up now",
        "sign up", "get our", "get the latest", "get breaking news", "get daily", "already a subscriber",
        "already have an account", "log in here", "to continue reading", "this article is for subscribers",
        "enter your email", "by signing up", "by subscribing", "by clicking", "thank you for subscribing",
        "support our journalism", "become a member", "delivered to your inbox", "stay up to date", "stay informed",
        "download our app", "follow us on", "follow us", "like us on", "join us on", "find us on", "join our",
        "abonnieren sie", "jetzt abonnieren", "suscríbete", "abonnez vous", "подпишитесь", "подписывайтесь", "abone ol",
    ), 45),
    Kind("copyright or disclaimer", (
        "copyright", "c copyright", "all rights reserved", "the views expressed", "the opinions expressed",
        "views expressed in", "opinions expressed in", "the views and opinions", "this article reflects",
        "this material may not", "this story has not been edited", "disclaimer", "no part of this",
        "reproduction without", "terms of use", "terms of service", "privacy policy", "we use cookies",
        "this site uses", "this website uses", "our standards", "alle rechte vorbehalten",
        "todos los derechos reservados", "tous droits réservés", "все права защищены", "tüm hakları saklıdır",
        "tutti i diritti riservati", "todos os direitos reservados", "alle rechten voorbehouden", "wszelkie prawa zastrzeżone",
        "wir verwenden cookies", "diese website verwendet cookies", "diese webseite verwendet cookies", "utilizamos cookies",
        "usamos cookies", "este sitio utiliza cookies", "este sitio web utiliza cookies", "este site utiliza cookies",
        "nous utilisons des cookies", "ce site utilise des cookies", "utilizziamo i cookie", "questo sito utilizza",
        "мы используем файлы cookie", "мы используем cookie", "этот сайт использует", "wij gebruiken cookies", "używamy plików cookie",
        "dieser beitrag gibt", "dieser artikel gibt", "die in diesem", "der beitrag gibt", "las opiniones expresadas",
        "las opiniones vertidas", "los artículos de opinión", "les opinions exprimées", "les propos tenus", "le opinioni espresse",
        "as opiniões expressas", "os artigos assinados", "мнение автора", "мнение редакции", "мнения авторов", "точка зрения автора",
        "yazıda yer alan görüşler", "bu yazıda", "haftungsausschluss", "descargo de responsabilidad", "avertissement",
    ), 70),
    Kind("caption", (
        "image credit", "image source", "image caption", "image copyright", "photo credit", "photo courtesy",
        "photo by", "photo via", "photograph by", "photo", "photos", "foto", "file photo", "media caption",
        "picture credit", "enlarge this image", "enlarge image", "toggle caption", "hide caption", "getty images",
        "view image in fullscreen", "фото", "fotoğraf",
    ), 14),
    Kind("link to its page", ("the post", "der beitrag", "la entrada", "l article", "cet article", "запись", "o post"), 60),
    Kind("page dates", ("published", "updated", "last updated", "last modified", "posted on", "first published"), 9),
    Kind("tags", (
        "filed under", "posted in", "tags", "tagged", "topics", "categories", "category", "keywords", "schlagwörter",
        "schlagworte", "stichwörter", "themen", "kategorien", "etiquetas", "categorías", "temas", "mots clés", "catégories",
        "étiquettes", "tag", "categorie", "argomenti", "теги", "метки", "рубрики", "темы", "etiketler", "标签", "标签：", "タグ",
    ), 16),
    Kind("breadcrumb", ("home", "you are here", "skip to", "back to top", "главная", "startseite", "accueil", "anasayfa"), 14),
)  # fmt: skip

SHARE_WORDS = frozenset(
    (
        "share this story article post page on via with to facebook twitter x whatsapp email e mail linkedin reddit pinterest "
        "pin tweet print copy link save telegram pocket more options click sms flipboard messenger friends all us "
        "auf teilen per versenden senden kopieren artikel beitrag twittern drucken diesen en por correo electrónico enlace esta "
        "noticia compartir enviar copiar imprimir tuitear sur par le lien cet article partager envoyer copier imprimer tweeter "
        "su condividi copia stampa no na compartilhar compartilhe partilhar op delen deel dit udostępnij в во вконтакте "
        "одноклассниках по почте поделиться отправить скопировать ссылку твитнуть распечатать ta da paylaş yazdır"
    ).split()
)
DATE_WORDS = frozenset(
    (
        "published updated last modified posted first on at am pm a p m et est edt pt pst pdt ct cst cdt gmt utc bst cet ago "
        "hours hour minutes minute days day january february march april may june july august september october november "
        "december jan feb mar apr jun jul aug sep sept oct nov dec monday tuesday wednesday thursday friday saturday sunday "
        "mon tue wed thu fri sat sun local time"
    ).split()
)
"""The words buttons and page dates are made of: a line with any other is a sentence."""

NEEDS_MORE = {
    "breadcrumb": re.compile(r"\s[/>»›|]\s|[»›]|you are here|skip to|back to top", re.IGNORECASE),
    "tags": re.compile(r":|filed under|posted in", re.IGNORECASE),
    "link to another article": re.compile(r"^[\w\s]{4,20}[:»›>]|^(read|see) more\W*$|^related\W*$", re.IGNORECASE),
    "caption": re.compile(r":|/|getty|file photo|credit|caption|courtesy|©|\bby\b|enlarge|fullscreen", re.IGNORECASE),
    "advertisement": re.compile(r"[^.?!]$|continue", re.IGNORECASE),
    "link to its page": re.compile(
        r"appeared first on|first appeared on|erschien zuerst auf|se publicó primero en|apareció primero en|"
        r"est apparu en premier|сначала появилась|apareceu primeiro em",
        re.IGNORECASE,
    ),
    "form field": re.compile(r"\*$"),
    "copyright or disclaimer": re.compile(
        r"\d{4}|©|\(c\)|reserved|reservados|réservés|vorbehalten|защищены|saklıdır|author|writer|editorial|necessarily|"
        r"cookies?\b|may not be|not been edited|permission|^(disclaimer|our standards|terms of|privacy)|"
        r"riservati|voorbehouden|zastrzeżone|notwendigerweise|redaktion|necesariamente|línea editorial|nécessairement|"
        r"rédaction|necessariamente|redazione|редакци|^(haftungsausschluss|descargo|avertissement)\W*$|yansıtma",
        re.IGNORECASE,
    ),
    "newsletter or subscription box": re.compile(
        r"newsletter|subscri|sign (up|in)|log in|inbox|e-?mail|\bapps?\b|alerts?\b|twitter|facebook|instagram|telegram|"
        r"@|podcast|our journalism|account|briefing|updates|follow us\W*$|join our|breaking news|abonn|suscr|подпис|abone|"
        r"member (today|now)|latest|рассылк|bülten|boletín|infolettre",
        re.IGNORECASE,
    ),
}
"""Kinds whose phrases also begin ordinary sentences, and what else their lines must show."""

MADE_OF = {"share buttons": SHARE_WORDS, "page dates": DATE_WORDS}
RIGHTS_WORDS = 40

ENDS_SENTENCE = re.compile(r"[.!?。؟।]['\"’”»)\]]*$")
TRAILS_OFF = re.compile(r"(\.\.\.|…|\[…\]|\[\.\.\.\])['\"’”»)\]]*$")
TEASER_WORDS = 25
CREDIT = re.compile(
    r"\b(image|photo|picture|photograph)s?\s*(credit|courtesy|source|by)?\s*:\s*\S.{0,60}$|\bcredit\s*:", re.IGNORECASE
)
_WORDS = re.compile(r"\w+")
HEAD_CHARS = 100
MOST_PHRASE_WORDS = max(len(_WORDS.findall(phrase)) for kind in KINDS for phrase in kind.phrases)


def words_of(line: str) -> list[str]:
    """Return a line's words in lower case, without punctuation."""
    return _WORDS.findall(line.casefold())


@lru_cache(maxsize=1)
def phrases_by_cue() -> dict[str, list[tuple[list[str], Kind]]]:
    """Return for each first word the phrases that begin with it, longest first."""
    table: dict[str, list[tuple[list[str], Kind]]] = {}
    for kind in KINDS:
        for phrase in kind.phrases:
            words = words_of(phrase)
            table.setdefault(words[0], []).append((words, kind))
    for entries in table.values():
        entries.sort(key=lambda entry: -len(entry[0]))
    return table


def kind_of(line: str) -> Kind | None:
    """Return the kind of furniture a line is, or None if it may be part of the article."""
    if len(line) > HEAD_CHARS and not line.startswith("©"):  # most long lines need not be taken apart
        head = words_of(line[:HEAD_CHARS])
        if len(head) > MOST_PHRASE_WORDS and all(len(head) > kind.max_words for kind in _begun_by(head)):
            return None
    words = words_of(line)
    if not words or (continues_sentence(line) and len(words) > 2):
        return None
    if line.startswith("©") and len(words) <= RIGHTS_WORDS:
        return next(kind for kind in KINDS if "copyright" in kind.phrases)
    for kind in _begun_by(words):
        if len(words) <= kind.max_words and _shows_more(kind, line, words):
            return kind
    return None


def _begun_by(words: list[str]) -> list[Kind]:
    """Return the kinds with a phrase that these words begin with, one of a longer phrase first."""
    return [kind for phrase, kind in phrases_by_cue().get(words[0], ()) if words[: len(phrase)] == phrase]


def _shows_more(kind: Kind, line: str, words: list[str]) -> bool:
    """Say whether a line that begins like a kind of furniture also goes on like it."""
    if kind.reason in MADE_OF:
        return all(word in MADE_OF[kind.reason] or word in kind.phrases or word.isdigit() for word in words)
    more = NEEDS_MORE.get(kind.reason)
    return more is None or bool(more.search(line))


def continues_sentence(line: str) -> bool:
    """Say whether a line begins in lower case, as the lines of a text broken at a fixed width do."""
    return line[:1].islower()


def is_teaser(line: str) -> bool:
    """Say whether a line in a box of links is a headline or a cut-off opening rather than a paragraph."""
    return len(words_of(line)) <= TEASER_WORDS and (bool(TRAILS_OFF.search(line)) or not ENDS_SENTENCE.search(line))
