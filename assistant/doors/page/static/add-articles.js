// Adding articles, as files, by the address of a page, or as pasted text: one row each, with progress and outcome.

import { h, onPlainClick } from "./dom.js";
import { library } from "./library.js";
import { open } from "./panel.js";
import { articleUrl, openArticle } from "./article-panel.js";
import { follow } from "./jobs.js";
import { call, upload } from "./server.js";

const OUTCOMES = { added: "Added", replaced: "Replaced", unchanged: "Already there" };

const panel = document.getElementById("articles");
const rows = document.getElementById("added");
const address = document.getElementById("address");
const paste = document.getElementById("paste");
const files = document.getElementById("files");
let queue = Promise.resolve(); // one at a time, because the server adds one article at a time

function addFiles(list) {
  for (const file of list) {
    add(file.name, (onprogress) => {
      const form = new FormData();
      form.append("file", file);
      return upload("articles/file", form, onprogress).then((reply) => reply.json());
    });
  }
}

/** Has the server fetch a page; resolves to its article and the outcome. */
async function fetchPage(url, onprogress) {
  const job = await (await call("articles", { json: { url } })).json();
  onprogress(1);
  const [{ article_id: id, status: outcome }] = (await follow(job.id)).outcomes;
  return { article: await (await call(`articles/${id}`)).json(), outcome };
}

/** Adds an article after those in the queue; resolves to true if it is in the library now. */
function add(name, send) {
  const bar = h("progress", { "aria-label": `Adding ${name}` });
  const state = h("span", { class: "muted" }, "waiting…");
  const row = h("li", null, h("span", { class: "name" }, name), state, bar);
  rows.append(row);
  const adding = queue.then(async () => {
    try {
      const { article, outcome } = await send((share) => {
        if (share < 1) bar.value = share;
        else bar.removeAttribute("value");
        state.textContent = share < 1 ? "sending…" : "reading and indexing…";
      });
      const onclick = onPlainClick(() => openArticle(article));
      const link = h("a", { href: articleUrl(article.id), onclick, dir: "auto" }, article.title);
      row.replaceChildren(link, h("span", { class: "muted" }, OUTCOMES[outcome]));
      return true;
    } catch (error) {
      row.replaceChildren(h("span", { class: "name" }, name), h("span", { class: "error" }, `${error.message} ${error.hint}`));
      return false;
    } finally {
      if (adding === queue) library.load();
    }
  });
  queue = adding;
  return adding;
}

files.addEventListener("change", () => {
  addFiles(files.files);
  files.value = "";
});

address.addEventListener("submit", async (event) => {
  event.preventDefault();
  const { url } = Object.fromEntries(new FormData(address));
  if (await add(url, (onprogress) => fetchPage(url, onprogress))) address.reset();
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
