import io

from dedup.article import Article
from dedup.cli.progress import Progress


class Terminal(io.StringIO):
    def isatty(self):
        return True


class Clock:
    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


def test_nothing_is_drawn_where_nobody_looks():
    stream, clock = io.StringIO(), Clock()
    progress = Progress(stream, clock)
    for clock.now in range(9):
        progress.stage("sketch", int(clock.now), 9)
    progress.clear()

    assert stream.getvalue() == ""


def test_the_line_is_redrawn_at_most_ten_times_a_second():
    stream, clock = Terminal(), Clock()
    progress = Progress(stream, clock)
    for step in range(1000):
        clock.now = step / 1000
        progress.stage("sketch", step, 2000)

    assert 5 <= stream.getvalue().count("\r") <= 10


def test_reading_tells_articles_speed_and_share():
    stream, clock = Terminal(), Clock()
    progress = Progress(stream, clock)
    progress.total_bytes = 4_000_000
    articles = progress.counted([Article("x")])
    progress.bytes_read(2_000_000)
    clock.now = 2.0
    list(articles)

    assert "reading" in stream.getvalue()
    assert "50 %  1 articles  1.0 MB/s" in stream.getvalue()


def test_the_line_is_gone_when_results_follow():
    stream, clock = Terminal(), Clock()
    progress = Progress(stream, clock)
    progress.stage("cluster", 5, 5)
    progress.clear()

    assert stream.getvalue().endswith("\r\x1b[2K")


def test_a_terminal_that_went_away_is_no_reason_to_fail():
    class Gone(Terminal):
        def write(self, _):
            raise OSError

    Progress(Gone(), Clock()).stage("cluster", 5, 5)
