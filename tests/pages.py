"""Four invented layouts of a news page, and invented articles to put into them."""

import json
from dataclasses import dataclass
from html import escape


@dataclass(frozen=True)
class Words:
    """What the furniture of a site says in one language."""

    lang: str
    nav: tuple[str, ...]
    cookies: str
    share: tuple[str, ...]
    related: str
    more: str
    comment: tuple[str, ...]
    rights: str
    disclaimer: str
    newsletter: str
    tags: str
    credit: str


ENGLISH = Words(
    "en",
    ("Home", "Harbour", "Politics", "Sport", "Weather", "Subscribe", "Sign in"),
    "We use cookies to improve your visit. By clicking Accept you agree to our use of them.",
    ("Share", "Share on Facebook", "Tweet", "Email this", "Copy link"),
    "Related articles",
    "Read more",
    (
        "Leave a Reply", "Your email address will not be published. Required fields are marked *", "Name *", "Email *",
        "Save my name, email, and website in this browser for the next time I comment.", "Post Comment",
    ),
    "© 2031 The Quay. All rights reserved.",
    "The views expressed in this article are the author’s own and do not necessarily reflect the editorial stance of The Quay.",
    "Sign up for our newsletter and get the day’s stories in your inbox every morning.",
    "Tags: ferries, Aldport, storms",
    "Photo: The Quay / J. Marlow",
)  # fmt: skip
GERMAN = Words(
    "de",
    ("Startseite", "Politik", "Wirtschaft", "Sport", "Wetter", "Abo", "Anmelden"),
    "Wir verwenden Cookies, um Ihren Besuch zu verbessern. Mit einem Klick auf Zustimmen erklären Sie sich einverstanden.",
    ("Teilen", "Auf Facebook teilen", "Twittern", "Per E-Mail versenden", "Link kopieren"),
    "Lesen Sie auch",
    "Mehr zum Thema",
    (
        "Schreibe einen Kommentar", "Deine E-Mail-Adresse wird nicht veröffentlicht. Erforderliche Felder sind mit * markiert",
        "Name *", "E-Mail *", "Kommentar abschicken",
    ),
    "© 2031 Der Kai. Alle Rechte vorbehalten.",
    "Dieser Beitrag gibt ausschließlich die Meinung der Autorin wieder und nicht notwendigerweise die der Redaktion.",
    "Jetzt abonnieren: unser Newsletter mit den Nachrichten des Tages, jeden Morgen in Ihrem Postfach.",
    "Schlagwörter: Fähren, Aldhafen, Sturm",
    "Foto: Der Kai / J. Marlow",
)  # fmt: skip
SPANISH = Words(
    "es",
    ("Inicio", "Política", "Economía", "Deportes", "El tiempo", "Suscríbete", "Iniciar sesión"),
    "Utilizamos cookies para mejorar su visita. Al hacer clic en Aceptar, usted acepta su uso.",
    ("Compartir", "Compartir en Facebook", "Tuitear", "Enviar por correo", "Copiar enlace"),
    "Noticias relacionadas",
    "Te puede interesar",
    (
        "Deja un comentario", "Tu dirección de correo electrónico no será publicada. Los campos obligatorios están marcados con *",
        "Nombre *", "Correo electrónico *", "Publicar el comentario",
    ),
    "© 2031 El Muelle. Todos los derechos reservados.",
    "Las opiniones expresadas en este artículo son de su autora y no reflejan necesariamente la línea editorial de El Muelle.",
    "Suscríbete a nuestro boletín y recibe las noticias del día en tu correo cada mañana.",
    "Etiquetas: transbordadores, Aldapuerto, temporal",
    "Foto: El Muelle / J. Marlow",
)  # fmt: skip
RUSSIAN = Words(
    "ru",
    ("Главная", "Политика", "Экономика", "Спорт", "Погода", "Подписка", "Войти"),
    "Мы используем файлы cookie, чтобы сайт работал лучше. Нажимая «Принять», вы соглашаетесь с этим.",
    ("Поделиться", "Поделиться в Facebook", "Твитнуть", "Отправить по почте", "Скопировать ссылку"),
    "Читайте также",
    "По теме",
    (
        "Добавить комментарий", "Ваш адрес email не будет опубликован. Обязательные поля помечены *", "Имя *", "Email *",
        "Отправить комментарий",
    ),
    "© 2031 Причал. Все права защищены.",
    "Мнение автора может не совпадать с позицией редакции.",
    "Подпишитесь на нашу рассылку: главные новости дня каждое утро в вашей почте.",
    "Теги: паромы, Альдпорт, шторм",
    "Фото: Причал / Ю. Марлов",
)  # fmt: skip


@dataclass(frozen=True)
class Story:
    """An article: blocks of (tag, content) in order; content is text, or a tuple of items or of rows."""

    title: str
    words: Words
    blocks: tuple
    teasers: tuple[str, ...]

    def sentences(self):
        """Return every text of the body in order."""
        for tag, content in self.blocks:
            if tag == "table":
                yield from (cell for row in content for cell in row)
            elif tag in ("ul", "ol", "live"):
                yield from content
            else:
                yield content


FERRY = Story(
    "Ferry to Aldport turns back in storm with 214 on board",
    ENGLISH,
    (
        ("p", "The night ferry to Aldport turned back on Monday with 214 people on board after waves broke two windows on its lower deck, the harbour office said."),
        ("p", "No one was hurt, but eleven passengers were treated for shock when the ship reached the old quay shortly after four in the morning."),
        ("h2", "Third storm this month"),
        ("p", "“We heard a bang like a door being kicked in, and then the sea was in the corridor,” said Marta Ellingham, who was travelling with her two sons."),
        ("quote", "I have crossed two hundred times and never been afraid until tonight."),
        ("p", "The company runs three ships on the route:"),
        ("ul", ("Orvane, built in 2009, which was hit on Monday", "Pellinby, built in 2014, now in dry dock", "Sundrell, built in 2022, which replaces her from Wednesday")),
        ("p", "It was the third crossing to be broken off this month, more than in the whole of last year."),
        ("table", (("Month", "Crossings broken off"), ("January", "One"), ("February", "Three"))),
        ("p", "Tickets stay valid until the end of March, and those who do not want to travel get their money back."),
        ("p", "The harbour office will publish its report in two weeks."),
    ),
    ("Mayor opens second bridge over the Varn", "Fishing fleet stays in port for a fifth day", "Why the old lighthouse went dark"),
)  # fmt: skip
FAEHRE = Story(
    "Nachtfähre nach Aldhafen kehrt im Sturm um",
    GERMAN,
    (
        ("p", "Die Nachtfähre nach Aldhafen ist am Montag mit 214 Menschen an Bord umgekehrt, nachdem Wellen zwei Fenster auf dem unteren Deck zerschlagen hatten, wie das Hafenamt mitteilte."),
        ("p", "Verletzt wurde niemand, doch elf Reisende mussten wegen Schocks behandelt werden, als das Schiff kurz nach vier Uhr am alten Kai festmachte."),
        ("h2", "Dritter Sturm in diesem Monat"),
        ("p", "„Es knallte, als träte jemand eine Tür ein, und dann stand das Meer im Gang“, sagte Marta Ellinger, die mit ihren zwei Söhnen reiste."),
        ("p", "Es war die dritte Überfahrt, die in diesem Monat abgebrochen wurde, mehr als im ganzen vergangenen Jahr."),
        ("p", "Fahrkarten bleiben bis Ende März gültig, wer nicht mehr fahren will, bekommt sein Geld zurück."),
    ),
    ("Bürgermeisterin eröffnet zweite Brücke", "Fischer bleiben den fünften Tag im Hafen", "Warum der alte Leuchtturm erlosch"),
)  # fmt: skip
TRANSBORDADOR = Story(
    "El transbordador nocturno da la vuelta por el temporal",
    SPANISH,
    (
        ("p", "El transbordador nocturno a Aldapuerto dio la vuelta el lunes con 214 personas a bordo después de que las olas rompieran dos ventanas de la cubierta inferior, informó la capitanía."),
        ("p", "Nadie resultó herido, pero once pasajeros fueron atendidos por conmoción cuando el barco llegó al muelle viejo poco después de las cuatro de la madrugada."),
        ("h2", "Tercer temporal del mes"),
        ("p", "«Oímos un golpe como si derribaran una puerta y de pronto el mar estaba en el pasillo», dijo Marta Elices, que viajaba con sus dos hijos."),
        ("p", "Es la tercera travesía que se interrumpe este mes, más que en todo el año pasado."),
        ("p", "Los billetes siguen siendo válidos hasta finales de marzo y quien no quiera viajar recibirá su dinero."),
    ),
    ("La alcaldesa abre el segundo puente", "La flota pesquera sigue amarrada", "Por qué se apagó el viejo faro"),
)  # fmt: skip
PAROM = Story(
    "Ночной паром в Альдпорт вернулся из-за шторма",
    RUSSIAN,
    (
        ("p", "Ночной паром в Альдпорт с 214 пассажирами на борту в понедельник повернул назад, после того как волны выбили два окна на нижней палубе, сообщили в управлении порта."),
        ("p", "Никто не пострадал, но одиннадцати пассажирам понадобилась помощь врачей, когда судно в начале пятого утра подошло к старому причалу."),
        ("h2", "Третий шторм за месяц"),
        ("p", "«Раздался удар, словно выбили дверь, а потом в коридоре было море», — рассказала Марта Элинина, которая ехала с двумя сыновьями."),
        ("p", "Это уже третий рейс, прерванный в этом месяце, больше, чем за весь прошлый год."),
        ("p", "Билеты действуют до конца марта, а тем, кто не хочет ехать, вернут деньги."),
    ),
    ("Мэр открыла второй мост", "Рыбаки пятый день не выходят в море", "Почему погас старый маяк"),
)  # fmt: skip
LIVE = Story(
    "Storm over Aldport: the night as it happened",
    ENGLISH,
    (
        ("p", "The storm that turned the night ferry back has reached the town itself. We follow the night here, with the latest entries at the top."),
        ("live", (
            "The harbour office says the old quay is closed until noon, and asks everyone to stay away from the sea wall.",
            "Two roofs in Lantern Street have come down. The fire brigade says nobody was in the houses at the time.",
            "The first train of the morning will not run, the railway has said; buses replace it from the upper station.",
            "The ferry has tied up. Our reporter counts eleven people being led to ambulances, all of them on their feet.",
            "A spokesman for the company says the captain decided by himself to turn back, and that it was the right thing to do.",
        )),
    ),
    ("Mayor opens second bridge over the Varn", "Fishing fleet stays in port for a fifth day", "Why the old lighthouse went dark"),
)  # fmt: skip
STORIES = {"english": FERRY, "german": FAEHRE, "spanish": TRANSBORDADOR, "russian": PAROM, "live": LIVE}
TIMES = ("05:41", "05:12", "04:55", "04:20", "03:58")


def body(story, within=None):
    """Return the HTML of an article's blocks; ``within`` is put in after the third."""
    parts = []
    for tag, content in story.blocks:
        if tag in ("ul", "ol"):
            parts.append(f"<{tag}>" + "".join(f"<li>{escape(item)}</li>" for item in content) + f"</{tag}>")
        elif tag == "table":
            rows = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in content)
            parts.append(f"<table>{rows}</table>")
        elif tag == "quote":
            parts.append(f"<blockquote><p>{escape(content)}</p></blockquote>")
        elif tag == "live":
            parts += [
                f'<div><time datetime="2031-03-04T{at}:00Z">{at}</time><p>{escape(entry)}</p></div>'
                for at, entry in zip(TIMES, content, strict=True)
            ]
        else:
            parts.append(f"<{tag}>{escape(content)}</{tag}>")
    if within:
        parts.insert(min(3, len(parts) - 1), within)
    return "\n".join(parts)


def links(names, tag="li"):
    """Return list items that are links."""
    return "".join(f'<{tag}><a href="/{n}">{escape(name)}</a></{tag}>' for n, name in enumerate(names))


def head(story, *, json_ld):
    """Return a page's head, its facts in JSON-LD or in meta tags."""
    site = story.words.rights.split(". ")[0].removeprefix("© 2031 ")
    if json_ld:
        article = {
            "@context": "https://schema.org",
            "@graph": [
                {"@type": "WebSite", "name": site},
                {
                    "@type": "NewsArticle", "headline": story.title, "datePublished": "2031-03-04T05:30:00+01:00",
                    "publisher": {"@type": "Organization", "name": site}, "inLanguage": story.words.lang,
                },
            ],
        }  # fmt: skip
        facts = f'<script type="application/ld+json">{json.dumps(article)}</script>'
    else:
        facts = (
            f'<meta property="og:title" content="{escape(story.title)}">'
            f'<meta property="og:site_name" content="{escape(site)}">'
            '<meta property="article:published_time" content="2031-03-04T05:30:00+01:00">'
        )
    return (
        f'<!DOCTYPE html><html lang="{story.words.lang}"><head><meta charset="utf-8">'
        f"<title>{escape(story.title)} | {escape(site)}</title>{facts}"
        '<link rel="canonical" href="https://www.quay.example/2031/03/ferry">'
        "<style>p { margin: 1em }</style><script>var page = {ads: true};</script></head>"
    )


def with_classes(story, *, json_ld):
    """Return a page of a content system that names all its parts."""
    w = story.words
    return (
        head(story, json_ld=json_ld)
        + f"""<body class="single single-post">
<div id="cookie-banner" class="cookie-notice"><p>{w.cookies}</p><button>OK</button></div>
<header class="site-header"><nav class="main-nav"><ul>{links(w.nav)}</ul></nav></header>
<div class="breadcrumb"><a href="/">{w.nav[0]}</a> / <a href="/p">{w.nav[1]}</a> / {escape(story.title)}</div>
<main><article class="post">
<h1 class="entry-title">{escape(story.title)}</h1>
<div class="byline">J. Marlow · <time datetime="2031-03-04T05:30:00+01:00">4.3.2031</time></div>
<div class="share-buttons">{"".join(f'<a href="#" class="share-{n}">{s}</a> ' for n, s in enumerate(w.share))}</div>
<div class="entry-content">
<figure><img src="a.jpg"><figcaption>{w.credit}</figcaption></figure>
{body(story)}
</div>
<div class="newsletter-box"><p>{w.newsletter}</p><form><input name="email"></form></div>
<div class="tags">{w.tags}</div>
<section class="related-posts"><h3>{w.related}</h3><ul>{links(story.teasers)}</ul></section>
</article></main>
<section id="comments" class="comments-area"><h3>{w.comment[0]}</h3>{"".join(f"<p>{c}</p>" for c in w.comment[1:])}</section>
<aside class="sidebar"><h3>{w.more}</h3><ul>{links(story.teasers)}</ul></aside>
<footer class="site-footer"><p>{w.rights}</p><ul>{links(w.nav)}</ul></footer>
</body></html>"""
    )


def without_classes(story, *, json_ld):
    """Return a page of bare tags, all of it in one column."""
    w = story.words
    return (
        head(story, json_ld=json_ld)
        + f"""<body>
<div><p>{w.cookies}</p></div>
<div><ul>{links(w.nav)}</ul></div>
<div><a href="/">{w.nav[0]}</a> / <a href="/p">{w.nav[1]}</a> / {escape(story.title)}</div>
<div>
<h1>{escape(story.title)}</h1>
<p><time datetime="2031-03-04T05:30:00+01:00"></time></p>
<p>{w.credit}</p>
{body(story)}
<p>{w.tags}</p>
<p>{"</p><p>".join(w.share)}</p>
<h3>{w.related}</h3><ul>{links(story.teasers)}</ul>
<p>{w.newsletter}</p>
<h3>{w.comment[0]}</h3><p>{"</p><p>".join(w.comment[1:])}</p>
<h3>{w.more}</h3><ul>{links(story.teasers)}</ul>
</div>
<div><p>{w.rights}</p><ul>{links(w.nav)}</ul></div>
</body></html>"""
    )


def disclaimer_inside(story, *, json_ld):
    """Return a page whose disclaimer, credit and newsletter stand as paragraphs in the article's column."""
    w = story.words
    return (
        head(story, json_ld=json_ld)
        + f"""<body>
<nav>{links(w.nav, "span")}</nav>
<section id="main"><div class="story">
<h1>{escape(story.title)}</h1>
<div><img src="b.jpg"><span>{w.credit}</span></div>
{body(story)}
<p><em>{w.disclaimer}</em></p>
<p><strong>{w.newsletter}</strong></p>
<p>{w.rights}</p>
<p>{w.share[0]}</p>
</div></section>
<div class="modal"><p>{w.cookies}</p></div>
<footer>{w.rights}</footer>
</body></html>"""
    )


def boxes_within(story, *, json_ld):
    """Return a page with boxes of links and an advertisement between the paragraphs."""
    w = story.words
    box = (
        f'<div class="box"><h4>{w.related}</h4><ul>{links(story.teasers)}</ul></div>'
        f'<p><strong>{w.more}: </strong><a href="/1">{escape(story.teasers[0])}</a></p>'
    )
    return (
        head(story, json_ld=json_ld)
        + f"""<body>
<header><a href="/">The Quay</a><ul>{links(w.nav)}</ul></header>
<article>
<header><h1>{escape(story.title)}</h1><p><time datetime="2031-03-04T05:30:00+01:00">4.3.2031</time></p></header>
{body(story, box)}
<p><a href="/share">{w.share[0]}</a></p>
</article>
<div><h2>{w.comment[0]}</h2><form><label>{w.comment[2]}</label><input><button>{w.comment[-1]}</button></form></div>
<footer><p>{w.rights}</p></footer>
</body></html>"""
    )


LAYOUTS = (with_classes, without_classes, disclaimer_inside, boxes_within)


def furniture_of(story):
    """Return every text of a page that is no part of its article."""
    w = story.words
    return (
        *(name for name in w.nav if len(name) > 5), w.cookies, *w.share, w.related, w.more, *w.comment, w.rights,
        w.disclaimer, w.newsletter, w.tags, w.credit, *story.teasers, "4.3.2031", "J. Marlow",
    )  # fmt: skip
