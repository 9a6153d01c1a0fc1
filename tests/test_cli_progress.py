import io

from dedup.article import Article
from dedup.cli.progress import Progress, duration


class Terminal(io.StringIO):
    def isatty(self):
        return True


class Clock:
    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


def lines_of(stream):
    return stream.getvalue().split("\r\x1b[2K")[1:]


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
    assert "50 %  1 article  1.0 MB/s  2.0 s left" in stream.getvalue()


def test_a_stage_tells_its_rate_and_the_time_left_once_it_can_know():
    stream, clock = Terminal(), Clock()
    progress = Progress(stream, clock)
    clock.now = 100.0
    progress.stage("terms", 0, 4000)
    clock.now = 100.5
    progress.stage("terms", 500, 4000)
    clock.now = 102.0
    progress.stage("terms", 1000, 4000)

    assert lines_of(stream) == [
        "terms       4,000 to do",
        "terms         12 %  500 of 4,000",
        "terms         25 %  1,000 of 4,000  500 a second  6.0 s left",
    ]


def test_a_stage_that_tells_only_its_beginning_is_shown_at_once():
    stream, clock = Terminal(), Clock()
    progress = Progress(stream, clock)
    progress.stage("clean", 0, 12000)
    progress.stage("sketch", 0, 12000)

    assert lines_of(stream) == ["clean       12,000 to do", "sketch      12,000 to do"]


def test_input_of_unknown_size_has_no_share_and_no_time_left():
    stream, clock = Terminal(), Clock()
    progress = Progress(stream, clock)
    articles = progress.counted([Article("x"), Article("y")])
    progress.bytes_read(3_000_000)
    clock.now = 3.0
    list(articles)

    assert lines_of(stream) == ["reading       1 article  1.0 MB/s"]


def test_a_terminal_that_cannot_redraw_a_line_gets_none(monkeypatch):
    monkeypatch.setenv("TERM", "dumb")
    stream = Terminal()
    progress = Progress(stream, Clock())
    progress.stage("clean", 0, 5)
    progress.clear()

    assert stream.getvalue() == ""


def test_a_stretch_of_time_is_told_as_people_do():
    told = [duration(seconds) for seconds in (0.04, 9.94, 9.96, 59.6, 200, 3599.7, 7500)]

    assert told == ["0.0 s", "9.9 s", "10 s", "1 min 0 s", "3 min 20 s", "1 h 0 min", "2 h 5 min"]


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
