// Adding articles, as files, by the address of a page, or as pasted text: one row each, with progress and outcome.

import { h, onPlainClick } from "./dom.js";
import { library } from "./library.js";
import { open } from "./panel.js";
import { articleUrl, openArticle } from "./article-panel.js";
import { cancel, follow, unfinished } from "./jobs.js";
import { call, upload } from "./server.js";

const OUTCOMES = { added: "Added", replaced: "Replaced", unchanged: "Already there" };

const panel = document.getElementById("articles");
const rows = document.getElementById("added");
const address = document.getElementById("address");
const paste = document.getElementById("paste");
const files = document.getElementById("files");
const known = new Set(); // the ids of jobs that have a row
let queue = Promise.resolve(); // one at a time, because the server adds one article at a time

function addFiles(list) {
  for (const file of list) {
    add(file.name, async (progress) => {
      const form = new FormData();
      form.append("file", file);
      return addedBy(await (await upload("articles/file", form, progress.sent)).json(), progress);
    });
  }
}

/** Shows the jobs that add articles and were begun before this page was loaded, or elsewhere. */
export async function showJobs() {
  for (const job of await unfinished()) {
    if (!known.has(job.id)) add(job.name, (progress) => addedBy(job, progress), { queued: false });
  }
}

/** Follows a job to its end; resolves to its article and the outcome. */
async function addedBy(job, progress) {
  known.add(job.id);
  progress.working(() => cancel(job.id));
  const [{ article_id: id, status: outcome }] = (await follow(job.id)).outcomes;
  return { article: await (await call(`articles/${id}`)).json(), outcome };
}

/** Adds an article, after those in the queue if it is queued; resolves to true if it is in the library now. */
function add(name, send, { queued = true } = {}) {
  const bar = h("progress", { "aria-label": `Adding ${name}` });
  const state = h("span", { class: "muted" }, "waiting…");
  const row = h("li", null, h("span", { class: "name" }, name), state, bar);
  const progress = {
    sent(share) {
      bar.value = share;
      state.textContent = "sending…";
    },
    working(onclick) {
      bar.removeAttribute("value");
      state.textContent = "reading and indexing…";
      row.append(h("button", { class: "plain", "aria-label": `Cancel adding ${name}`, onclick }, "Cancel"));
    },
  };
  rows.append(row);
  const adding = (queued ? queue : Promise.resolve()).then(async () => {
    try {
      const { article, outcome } = await send(progress);
      const onclick = onPlainClick(() => openArticle(article));
      const link = h("a", { href: articleUrl(article.id), onclick, dir: "auto" }, article.title);
      row.replaceChildren(link, h("span", { class: "muted" }, OUTCOMES[outcome]));
      return true;
    } catch (error) {
      row.replaceChildren(h("span", { class: "name" }, name), h("span", { class: "error" }, `${error.message} ${error.hint}`));
      return false;
    } finally {
      if (adding === queue || !queued) library.load();
    }
  });
  if (queued) queue = adding;
  return adding;
}

files.addEventListener("change", () => {
  addFiles(files.files);
  files.value = "";
});

address.addEventListener("submit", async (event) => {
  event.preventDefault();
  const { url } = Object.fromEntries(new FormData(address));
  if (await add(url, async (progress) => addedBy(await (await call("articles", { json: { url } })).json(), progress))) address.reset();
});

paste.addEventListener("submit", async (event) => {
  event.preventDefault();
  const article = Object.fromEntries([...new FormData(paste)].filter(([, value]) => value));
  const name = article.title ?? article.text.trim().slice(0, 40);
  if (await add(name, async () => (await call("articles", { json: article })).json())) paste.reset();
});

const hasFiles = ({ dataTransfer }) => dataTransfer.types.includes("Files");
const showDropTarget = (shown) => document.body.classList.toggle("dropping", shown);

addEventListener("dragover", (event) => {
  if (!hasFiles(event)) return;
  event.preventDefault();
  showDropTarget(true);
});
addEventListener("dragleave", ({ relatedTarget }) => relatedTarget || showDropTarget(false));
addEventListener("drop", (event) => {
  showDropTarget(false);
  if (!hasFiles(event)) return;
  event.preventDefault();
  open(panel);
  addFiles(event.dataTransfer.files);
});
