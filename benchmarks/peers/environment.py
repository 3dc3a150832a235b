"""The environment of each peer: its pinned packages, installed apart from this project's."""

import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / ".cache" / "peers"
TORCH = "torch==2.13.0"
FAISS = "faiss-cpu==1.15.1"
SENTENCE_TRANSFORMERS = "sentence-transformers==6.2.0"
PEERS: dict[str, tuple[str, ...]] = {
    "sentence_transformers_faiss": (SENTENCE_TRANSFORMERS, FAISS),
    "langchain": ("langchain-huggingface==1.2.3", "langchain-community==0.4.2", SENTENCE_TRANSFORMERS, FAISS),
    "llamaindex": ("llama-index-core==0.14.25", "llama-index-embeddings-huggingface==0.8.0", SENTENCE_TRANSFORMERS),
    "haystack": ("haystack-ai==3.4.1", "sentence-transformers-haystack==2.0.0", SENTENCE_TRANSFORMERS),
    "txtai": ("txtai==9.14.0", FAISS),
    "chroma": ("chromadb==1.5.9", SENTENCE_TRANSFORMERS),
}


def python(peer: str) -> Path:
    """Return the Python of a peer's environment, which is installed at first; this project's own for anything else."""
    if peer not in PEERS:
        return Path(sys.executable)
    folder = FOLDER / peer
    installed, packages = folder / "installed", "\n".join(PEERS[peer])
    if not installed.exists() or installed.read_text() != packages:
        print(f"Installing {peer} into {folder.relative_to(ROOT)} ...", file=sys.stderr)
        venv.create(folder, clear=True, with_pip=True)
        pip = [str(folder / "bin" / "pip"), "install", "--quiet", "--disable-pip-version-check", TORCH]
        subprocess.run([*pip, *PEERS[peer]], check=True)  # noqa: S603  ours
        installed.write_text(packages)
    return folder / "bin" / "python"
