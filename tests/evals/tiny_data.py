"""A small data folder: every file that the suites read, with a few invented rows."""

import csv
import gzip
import json
from collections.abc import Iterable
from pathlib import Path

from evals.data import chunking, squad

CITIES = {
    "Kraków lies on the Vistula. 🏰 The castle of Kraków was built in 1320.": [
        ("On which river does Kraków lie?", "the Vistula"),
        ("When was the castle of Kraków built?", "1320"),
        ("Who stormed the castle of Kraków?", None),
    ],
    "Warsaw is the capital of Poland. Its university was founded in 1816.": [
        ("What is the capital of Poland?", "Warsaw"),
        ("When was the university of Warsaw founded?", "1816"),
        ("How much did the university of Warsaw cost?", None),
    ],
}
ABSTRACTS = {
    "1": ("Sleep and memory", "Sleep after learning strengthens the memory of word lists in adults."),
    "2": ("Tea and iron", "Black tea with meals reduces the uptake of iron from plants."),
    "3": ("Bats", "Bats find their way by the echo of their calls."),
}
CLAIMS = {"10": ("Tea hinders the uptake of iron.", "2"), "11": ("Sleep strengthens memory.", "1")}


def data_folder(path: Path) -> Path:
    """Fill a folder and return it."""
    for folder in ("scifact", "clapnq", "chunking_eval", "groundedness", "reading"):
        (path / folder).mkdir()
    _squad(path / squad.FILE)
    _lines(path / "scifact/corpus.jsonl.gz", ({"_id": i, "title": t, "text": x} for i, (t, x) in ABSTRACTS.items()))
    _lines(path / "scifact/queries.jsonl.gz", ({"_id": i, "text": claim} for i, (claim, _) in CLAIMS.items()))
    judged = [f"{query}\t{document}\t1" for query, (_, document) in CLAIMS.items()]
    (path / "scifact/qrels_test.tsv").write_text("\n".join(["query-id\tcorpus-id\tscore", *judged]), encoding="utf-8")
    _clapnq(path / "clapnq")
    _chunking(path / "chunking_eval")
    claims = [("Bats use echoes to find their way", 0), ("find their way by the echo", 1), ("Bats eat tea", 0)]
    for name in ("qags_cnndm_sentence_half", "summeval_consistency"):
        rows = [{"id": text, "doc": ABSTRACTS["3"][1], "claim": text, "label": label} for text, label in claims]
        _lines(path / f"groundedness/{name}.jsonl.gz", rows)
    _reading(path)
    return path


def _reading(path: Path) -> None:
    context, questions = next((text, asked) for text, asked in CITIES.items() if any(answer for _, answer in asked))
    question, answer = next((question, answer) for question, answer in questions if answer)
    span = {"text": answer, "start": context.index(answer)}
    row = {"id": "1", "context": context, "question": question, "answers": [span], "answerable": True}
    for name in ("newsqa_measure", "squad_dev_paraphrased_measure"):
        _lines(path / f"reading/{name}.jsonl.gz", [row])
    turns = [{"speaker": "user", "text": question}]
    conversations: list[dict[str, object]] = [
        {
            "task_id": kind,
            "answerability": [kind],
            "input": turns,
            "contexts": [{"document_id": kind, "text": context}],
        }
        for kind in ("ANSWERABLE", "UNANSWERABLE")
    ]
    _lines(path / "reading/mtragun_measure.jsonl.gz", conversations)


def _squad(path: Path) -> None:
    paragraphs = []
    for context, questions in CITIES.items():
        qas = [
            {
                "id": question,
                "question": f" {question} ",
                "answers": [{"text": answer, "answer_start": context.index(answer)}] if answer else [],
                "is_impossible": answer is None,
            }
            for question, answer in questions
        ]
        paragraphs.append({"context": context, "qas": qas})
    with gzip.open(path, "wt", encoding="utf-8") as file:
        json.dump({"data": [{"title": "Polish_cities", "paragraphs": paragraphs}]}, file)


def _clapnq(folder: Path) -> None:
    for name, question, selected in (
        ("answerable_half", "how do bats find their way", [ABSTRACTS["3"][1]]),
        ("unanswerable_half", "who wrote the song about the silver bridge", []),
    ):
        text = ABSTRACTS["3"][1] if selected else "The silver bridge crosses the river. It is long."
        passage = {"title": name, "text": text, "sentences": selected or text.split("  ")}
        output = [{"answer": "", "selected_sentences": selected}]
        _lines(folder / f"{name}.jsonl.gz", [{"id": name, "input": question, "passages": [passage], "output": output}])


def _chunking(folder: Path) -> None:
    texts = {name: f"This is the document {name}. {ABSTRACTS['2'][1]}" for name in chunking.DOCUMENTS}
    for name, text in texts.items():
        (folder / f"{name}.md").write_text(text, encoding="utf-8")
    name, text = next(iter(texts.items()))
    start = text.index("Black tea")
    excerpt = {"content": text[start:], "start_index": start, "end_index": len(text)}
    with (folder / "questions_df.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["question", "references", "corpus_id"])
        writer.writerow(["What does black tea reduce?", json.dumps([excerpt]), name])


def _lines(path: Path, rows: Iterable[dict[str, object]]) -> None:
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows)
