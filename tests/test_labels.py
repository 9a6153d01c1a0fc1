"""Label files are read as they stand, or refused with the line that is wrong."""

import pytest

from dedup.errors import InputError
from dedup.labels import read_answers, read_labels


@pytest.fixture
def written(tmp_path):
    def write(data):
        path = tmp_path / "labels.csv"
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
        return path

    return write


def test_pairs_without_a_label_are_counted_and_left_out(written):
    labels = read_labels(written("id_a,id_b,label,score\nb,a,1,0.9\na,c,,0.1\nc,d,0,0\n"))

    assert (labels.kind, labels.ids_a, labels.ids_b, labels.unscored) == ("pairs", ("a", "c"), ("b", "d"), 1)
    assert labels.positive.tolist() == [True, False]


def test_the_answers_of_a_file_are_its_pairs_with_their_labels_the_empty_ones_too(written):
    assert read_answers(written("id_a,id_b,label\nb,a,1\na,c,\n")) == {("a", "b"): "1", ("a", "c"): ""}
    with pytest.raises(InputError, match="no file of labelled pairs"):
        read_answers(written("id,cluster\na,1\n"))


def test_clusters_keep_which_articles_belong_together(written):
    labels = read_labels(written('id,cluster\nx,one\n"y, z",two\nw,one\n'))

    assert (labels.kind, labels.ids) == ("clusters", ("x", "y, z", "w"))
    assert labels.cluster.tolist() == [0, 1, 0]


@pytest.mark.parametrize(
    "text",
    ["label,id_b,id_a\n1,a,b\n", "\ufeffid_a,id_b,label\r\n\r\na,b,1\r\n", "id_a,id_b,label\na,b,1\nb,a,1\n"],
    ids=["columns in any order", "BOM, CRLF and blank lines", "a pair twice alike"],
)
def test_the_same_pairs_in_other_dress(written, text):
    labels = read_labels(written(text))

    assert (labels.ids_a, labels.ids_b, labels.positive.tolist()) == (("a",), ("b",), [True])


@pytest.mark.parametrize(
    ("data", "line", "said"),
    [
        ("", 1, "the header has nothing"),
        ("a,b,1\n", 1, "wanted the columns id_a,id_b,label for pairs or id,cluster for clusters"),
        ("id_a;id_b;label\n", 1, "'id_a;id_b;label'"),
        ("id_a,id_b,label\na,b,yes\n", 2, "the label is 'yes'"),
        ("id_a,id_b,label\na,b\n", 2, "2 fields where the header names 3"),
        ("id_a,id_b,label\na,a,1\n", 2, "'a' is paired with itself"),
        ("id_a,id_b,label\na,,1\n", 2, "an empty id"),
        ("id_a,id_b,label\na,b,1\nb,a,0\n", 3, "label '0' here and '1' in line 2"),
        ("id,cluster\na,one\na,two\n", 3, "in 'one' in line 2"),
        ("id,cluster\na,\n", 2, "'a' has no cluster"),
        ("id,cluster\n,one\n", 2, "an empty id"),
        ('id,cluster\na,"one\n', 2, "not readable as CSV"),
        (b"id,cluster\na,one\nb,\xff\n", 3, "not UTF-8"),
    ],
)
def test_a_wrong_file_is_refused_with_line_and_reason(written, data, line, said):
    path = written(data)

    with pytest.raises(InputError) as caught:
        read_labels(path)

    assert f"{path}:{line}" == caught.value.where
    assert said in caught.value.reason


def test_a_missing_file_is_one_sentence(tmp_path):
    with pytest.raises(InputError, match=r"the labels cannot be read \(No such file or directory\)"):
        read_labels(tmp_path / "none.csv")
