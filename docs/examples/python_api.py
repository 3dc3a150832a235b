"""The assistant inside a Python program."""

from assistant import Assistant

with Assistant.open() as assistant:  # the folder that ASSISTANT_LIBRARY names, else ./library
    for outcome in assistant.add("seeds"):
        print(f"{outcome.status}: {outcome.title}")

    answer = assistant.ask("When did Kerry last speak to Lavrov?")
    print(answer.answer)
    for citation in answer.citations:
        text = assistant.get(citation.article_id).text
        print(f"article {citation.article_id}[{citation.start}:{citation.end}] == {citation.quote!r}")
        print("The article says so there:", text[citation.start : citation.end] == citation.quote)

    unknown = assistant.ask("How long does sourdough bread bake?")
    print(f"Abstained: {unknown.abstained}, because {unknown.reason}")
