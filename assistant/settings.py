"""The settings; the environment variable of each is its name in capitals after ``ASSISTANT_``."""

import re
from pathlib import Path
from typing import Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from assistant.request import invalid_input
from embeddings.errors import InvalidInput
from embeddings.retrieval.milvus_server import MilvusAddress

ReaderName = Literal["careful", "small", "off"]


class Settings(BaseSettings):
    """The settings of an assistant and its server, read from the environment when a command or the server starts."""

    model_config = SettingsConfigDict(env_prefix="ASSISTANT_", env_ignore_empty=True, frozen=True)

    library: Path = Field(Path("library"), description="Folder with the database and the indexes.")
    database_url: SecretStr | None = Field(
        None,
        description="PostgreSQL database that has the articles, as `postgresql://user:password@host/name`; by default "
        "a SQLite file in the library's folder has them.",
    )
    encoder: str = Field(
        "all-MiniLM-L6-v2",
        description="Sentence-transformers model: the packaged default, a folder, or a name in the local cache.",
    )
    milvus_uri: str | None = Field(
        None,
        description="Milvus that has the indexes: the URI of a server, such as `http://127.0.0.1:19530`, or a file of "
        "milvus-lite that ends in `.db`. Without it they are FAISS and tantivy in the library's folder.",
    )
    milvus_token: SecretStr | None = Field(
        None, description="Token that the Milvus server asks for, if it does: `user:password` or a key."
    )
    host: str = Field("127.0.0.1", description="Address that `assistant serve` listens on.")
    port: int = Field(8000, ge=0, le=65535, description="Port that `assistant serve` listens on.")
    base_url: str | None = Field(None, description="URL that links start with; by default made from host and port.")
    max_article_bytes: int = Field(
        20_000_000, gt=0, description="Largest file or text that is read as one article, in bytes."
    )
    reading_seconds: float = Field(
        60, gt=0, description="Seconds that reading one page or Markdown text may take; then it is refused."
    )
    fetch_seconds: float = Field(30, gt=0, description="Seconds that fetching one page from the web may take.")
    private_hosts: str | None = Field(
        None,
        description="Hosts with private addresses that pages may be fetched from all the same, separated by commas.",
    )
    sync: str | None = Field(
        None,
        description="Folders, and addresses of feeds and sitemaps, that `assistant serve` keeps the library in step "
        "with, separated by commas.",
    )
    sync_seconds: float = Field(
        300,
        gt=0,
        description="Seconds after which each is looked at again; changes of a folder are seen at once.",
    )
    max_risk: float | None = Field(
        None,
        ge=0,
        le=1,
        description="Accepted share of wrong answers among those given; a lower one abstains more. "
        "By default 0.1 with a reader and 0.25 without.",
    )
    reader: ReaderName | None = Field(
        None,
        description="What reads the passages: `small`, the network that ships; `careful`, a larger one that decides "
        "from the best three and that `assistant reader install` fetches; `off`, neither: sentences are then scored by "
        "simpler features. By default `careful` where it is installed, else `small`.",
    )
    llm_base_url: str | None = Field(
        None,
        description="OpenAI-compatible server that writes answers, up to `/v1`; without it no language model is asked.",
    )
    llm_model: str | None = Field(None, description="Name of the model there.")
    llm_api_key: SecretStr | None = Field(None, description="Key that the server asks for, if it does.")
    llm_timeout: float = Field(
        60, gt=0, description="Seconds for one whole reply of the language model; then the answer is made without it."
    )
    openai_footnotes: bool = Field(
        True,
        description="End a reply of `/v1/chat/completions` with quotes and links, for clients that drop annotations.",
    )

    api_keys: str | None = Field(
        None, description="API keys as `assistant key` prints them (`name:hash`), separated by commas."
    )
    api_keys_file: Path | None = Field(None, description="File with one such key a line.")
    cors_origins: str | None = Field(
        None, description="Origins whose pages may call the API, such as `https://example.org`, separated by commas."
    )
    rate_limit: int = Field(
        1200, ge=0, description="Requests a minute from one key, or from one address without a key; 0 is no limit."
    )
    max_connections: int = Field(
        500,
        gt=0,
        description="Connections at the same time; beyond it, the client that was silent for longest is disconnected.",
    )
    head_timeout: float = Field(10, gt=0, description="Seconds that a client has to send the head of a request.")
    body_timeout: float = Field(
        120, gt=0, description="Seconds that a client has to send the body, and that it may receive nothing of a reply."
    )
    questions_at_once: int = Field(2, gt=0, description="Questions that are computed at the same time.")
    max_waiting: int = Field(
        20,
        ge=0,
        description="Questions that may wait in the queue, and articles, and removals; beyond it the reply is 429.",
    )

    @classmethod
    def read(cls, **options: Any) -> Self:
        """Return the settings from the environment, overridden by options that are not None.

        Raises:
            InvalidInput: one of them is not valid.
        """
        try:
            return cls(**{name: value for name, value in options.items() if value is not None})
        except ValidationError as error:
            variable = f"ASSISTANT_{error.errors()[0]['loc'][0]}".upper()
            raise invalid_input(error.errors(), f"Set the variable {variable}, or leave it out.") from None

    @property
    def library_database(self) -> str | None:
        """The URL of the PostgreSQL database that has the articles, with its password."""
        return self.database_url.get_secret_value() if self.database_url else None

    @property
    def public_url(self) -> str:
        """The URL that links start with, without a trailing slash."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return (self.base_url or f"http://{host}:{self.port}").rstrip("/")

    @property
    def root_path(self) -> str:
        """The path of the public URL, which a reverse proxy strips; empty if it has none."""
        return urlsplit(self.public_url).path

    @property
    def allowed_origins(self) -> tuple[str, ...]:
        """The origins whose pages may call the API."""
        return tuple((self.cors_origins or "").replace(",", " ").split())

    @property
    def sync_sources(self) -> tuple[str, ...]:
        """The sources that the server keeps the library in step with."""
        return tuple(source for one in (self.sync or "").split(",") if (source := one.strip()))

    @property
    def allowed_private_hosts(self) -> tuple[str, ...]:
        """The hosts that pages may be fetched from although their addresses are private."""
        return tuple((self.private_hosts or "").replace(",", " ").lower().split())

    @property
    def milvus(self) -> MilvusAddress | None:
        """The Milvus that has the indexes, if it is set."""
        token = self.milvus_token.get_secret_value() if self.milvus_token else ""
        return MilvusAddress(self.milvus_uri, token) if self.milvus_uri else None

    @property
    def has_language_model(self) -> bool:
        """True if a language model is configured."""
        return self.llm_model is not None

    @field_validator("llm_api_key")
    @classmethod
    def _is_header_value(cls, key: SecretStr | None) -> SecretStr | None:
        if key and not re.fullmatch("[!-~]+", key.get_secret_value()):
            raise InvalidInput(
                "The language model's key cannot be sent.",
                expected="letters, digits and signs of ASCII, without spaces",
                got="a key with something else in it",
                hint="Look at ASSISTANT_LLM_API_KEY for a line end, a quotation mark, or an accent.",
            )
        return key

    @field_validator("milvus_uri")
    @classmethod
    def _is_milvus_uri(cls, uri: str | None) -> str | None:
        is_file = uri is not None and "://" not in uri and uri.endswith(".db")
        if uri and not is_file and not uri.startswith(("http://", "https://")):
            raise InvalidInput(
                "This cannot be a Milvus.",
                expected="an address that begins with http:// or https://, or the path of a file that ends in .db",
                got=f"{uri!r} in ASSISTANT_MILVUS_URI",
                hint="For milvus-lite: ASSISTANT_MILVUS_URI=library/milvus.db.",
            )
        return uri

    @model_validator(mode="after")
    def _has_model_and_server(self) -> Self:
        if (self.llm_base_url is None) != (self.llm_model is None):
            raise InvalidInput(
                "A language model needs its server and its name.",
                expected="both ASSISTANT_LLM_BASE_URL and ASSISTANT_LLM_MODEL, or neither",
                got="only one of them",
                hint="For Ollama: ASSISTANT_LLM_BASE_URL=http://127.0.0.1:11434/v1 ASSISTANT_LLM_MODEL=llama3.2.",
            )
        return self
