"""The schema of a library's database. A change needs a higher version and a step in ``migrations.py``."""

import re

APPLICATION_ID = 0x41727469  # "Arti": distinguishes a library from other SQLite files
VERSION = 9

PIECES = """CREATE TABLE pieces (           -- the articles' texts, see pieces.py
        article INTEGER NOT NULL REFERENCES articles ON DELETE CASCADE,
        number INTEGER NOT NULL, utf16 INTEGER NOT NULL, paragraphs INTEGER NOT NULL,
        begins BLOB NOT NULL, text TEXT NOT NULL,
        PRIMARY KEY (article, number))"""
TRANSACTIONS = """CREATE TABLE transactions (
        generation INTEGER PRIMARY KEY,
        token INTEGER NOT NULL)                -- random: tells two histories with the same generations apart"""
ARTICLES_BY_URL = "CREATE INDEX articles_by_url ON articles (url)"
ARTICLES_BY_REVISION = "CREATE INDEX articles_by_revision ON articles (revision, title)"
# What version 4 has more than version 3.
AUTHORS_AND_PAGES = (
    "ALTER TABLE articles ADD COLUMN authors TEXT NOT NULL DEFAULT '[]'",
    """CREATE TABLE places (           -- where the words of an article from pages stand, see page_map.py
        article INTEGER NOT NULL REFERENCES articles ON DELETE CASCADE,
        number INTEGER NOT NULL,               -- of the piece of the text that they begin in
        words BLOB NOT NULL,
        PRIMARY KEY (article, number))""",
    """CREATE TABLE originals (        -- the files that those articles were read from
        article INTEGER PRIMARY KEY REFERENCES articles ON DELETE CASCADE,
        file BLOB NOT NULL)""",
)
# What version 5 has more than version 4.
ORIGINS = (
    """CREATE TABLE origins (          -- where a sync found articles, see origins.py
        source TEXT NOT NULL,                  -- what was synced: a folder, a feed, a sitemap or a list
        place TEXT NOT NULL,                   -- the file, page or entry in it
        article INTEGER NOT NULL REFERENCES articles ON DELETE CASCADE,
        stamp TEXT NOT NULL,                   -- tells whether the place has changed since
        owned INTEGER NOT NULL,                -- 1 if the sync added the article, and may remove it
        PRIMARY KEY (source, place, article))""",
    "CREATE INDEX origins_by_article ON origins (article)",
)
# What version 6 has more than version 5.
NEAR_DUPLICATES = (
    """CREATE TABLE signatures (       -- see minhash.py
        article INTEGER PRIMARY KEY REFERENCES articles ON DELETE CASCADE,
        signature BLOB NOT NULL)""",
    """CREATE TABLE bands (
        number INTEGER NOT NULL, band BLOB NOT NULL,
        article INTEGER NOT NULL REFERENCES articles ON DELETE CASCADE,
        PRIMARY KEY (number, band, article)) WITHOUT ROWID""",
    """CREATE TABLE near_duplicates (  -- each pair both ways round
        article INTEGER NOT NULL REFERENCES articles ON DELETE CASCADE,
        other INTEGER NOT NULL REFERENCES articles ON DELETE CASCADE,
        PRIMARY KEY (article, other)) WITHOUT ROWID""",
    "CREATE INDEX bands_by_article ON bands (article)",
    "CREATE INDEX near_duplicates_by_other ON near_duplicates (other)",
)
# What version 7 has more than version 6.
RUNTIMES = ("CREATE TABLE runtimes (name TEXT PRIMARY KEY)",)  # what has computed vectors, with its precision
# What version 8 has more than version 7.
LISTS = ("ALTER TABLE articles ADD COLUMN lists TEXT NOT NULL DEFAULT '[]'",)  # starts and ends, as JSON
# What version 9 has more than version 8.
CODE = ("ALTER TABLE articles ADD COLUMN code TEXT NOT NULL DEFAULT '[]'",)  # likewise

STATEMENTS = (
    """CREATE TABLE meta (
        library TEXT NOT NULL,                 -- uuid; an index of another library is not mistaken for ours
        encoder TEXT NOT NULL,                 -- fingerprint of the encoder that made the vectors, as JSON
        generation INTEGER NOT NULL)""",
    TRANSACTIONS,
    """CREATE TABLE articles (
        seq INTEGER PRIMARY KEY AUTOINCREMENT, -- order of arrival; kept when the article is replaced
        id TEXT NOT NULL UNIQUE,
        generation INTEGER NOT NULL,           -- of its last change
        revision TEXT NOT NULL, title TEXT NOT NULL, url TEXT, source TEXT, published TEXT,
        language TEXT, sections TEXT NOT NULL, metadata TEXT NOT NULL,
        characters INTEGER NOT NULL)           -- length of its text""",
    PIECES,
    """CREATE TABLE passages (
        key INTEGER PRIMARY KEY AUTOINCREMENT, -- never reused: an index that lags cannot mistake one for another
        article INTEGER NOT NULL REFERENCES articles ON DELETE CASCADE,
        start INTEGER NOT NULL, "end" INTEGER NOT NULL,
        digest BLOB NOT NULL, vector BLOB NOT NULL,
        sentences BLOB NOT NULL)               -- those inside it: starts and ends, counted from its start""",
    "CREATE TABLE removals (key INTEGER PRIMARY KEY, generation INTEGER NOT NULL)",
    "CREATE TABLE pending (article INTEGER PRIMARY KEY REFERENCES articles ON DELETE CASCADE)",  # to be embedded again
    "CREATE INDEX articles_by_generation ON articles (generation)",
    "CREATE INDEX articles_by_filter ON articles (published, source, id)",  # answers filters without reading texts
    ARTICLES_BY_URL,
    ARTICLES_BY_REVISION,
    "CREATE INDEX passages_by_article ON passages (article)",
    "CREATE INDEX passages_by_digest ON passages (digest)",
    "CREATE INDEX removals_by_generation ON removals (generation)",
    *AUTHORS_AND_PAGES,
    *ORIGINS,
    *NEAR_DUPLICATES,
    *RUNTIMES,
    *LISTS,
    *CODE,
    f"PRAGMA application_id = {APPLICATION_ID}",
    f"PRAGMA user_version = {VERSION}",
)

# The tables by the statements that create them, each after those that it refers to.
TABLES = {found[1]: sql for sql in STATEMENTS if (found := re.match(r"CREATE TABLE (\w++)", sql))}
# Those whose rows belong to an article and go with it; passages leave their keys behind.
PARTS_OF_ARTICLES = tuple(name for name, sql in TABLES.items() if "REFERENCES articles" in sql and name != "passages")
