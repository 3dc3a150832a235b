// Adding articles, by file or as pasted text: one row each, with its progress and what became of it.

import { h, plainly } from "./dom.js";
import { library } from "./library.js";
import { open } from "./panel.js";
import { pageOf, readArticle } from "./reader.js";
import { call, upload } from "./server.js";

const OUTCOMES = { added: "Added", replaced: "Replaced", unchanged: "Already there" };

const panel = document.getElementById("articles");
const rows = document.getElementById("added");
const paste = document.getElementById("paste");
const files = document.getElementById("files");
let queue = Promise.resolve(); // the server takes one writer at a time

function addFiles(list) {
  for (const file of list) {
    add(file.name, (onprogress) => {
      const form = new FormData();
      form.append("file", file);
      return upload("articles/file", form, onprogress);
    });
  }
}

/** Adds one after the others; resolves to whether it is in the library now. */
function add(name, send) {
  const bar = h("progress", { "aria-label": `Adding ${name}` });
  const state = h("span", { class: "faint" }, "waiting…");
  const row = h("li", null, h("span", { class: "name" }, name), state, bar);
  rows.append(row);
  const turn = queue.then(async () => {
    try {
      const reply = await send((share) => {
        if (share < 1) bar.value = share;
        else bar.removeAttribute("value");
        state.textContent = share < 1 ? "sending…" : "reading and indexing…";
      });
      const { article, outcome } = await reply.json();
      const onclick = plainly(() => readArticle(article));
      const link = h("a", { href: pageOf(article.id), onclick, dir: "auto" }, article.title);
      row.replaceChildren(link, h("span", { class: "faint" }, OUTCOMES[outcome]));
      return true;
    } catch (error) {
      row.replaceChildren(h("span", { class: "name" }, name), h("span", { class: "wrong" }, `${error.message} ${error.hint}`));
      return false;
    } finally {
      if (turn === queue) library.load();
    }
  });
  queue = turn;
  return turn;
}

files.addEventListener("change", () => {
  addFiles(files.files);
  files.value = "";
});

paste.addEventListener("submit", async (event) => {
  event.preventDefault();
  const given = Object.fromEntries([...new FormData(paste)].filter(([, value]) => value));
  const name = given.title ?? given.text.trim().slice(0, 40);
  if (await add(name, () => call("articles", { json: given }))) paste.reset();
});

const carriesFiles = ({ dataTransfer }) => dataTransfer.types.includes("Files");
const dropping = (is) => document.body.classList.toggle("dropping", is);

addEventListener("dragover", (event) => {
  if (!carriesFiles(event)) return;
  event.preventDefault();
  dropping(true);
});
addEventListener("dragleave", ({ relatedTarget }) => relatedTarget || dropping(false));
addEventListener("drop", (event) => {
  dropping(false);
  if (!carriesFiles(event)) return;
  event.preventDefault();
  open(panel);
  addFiles(event.dataTransfer.files);
});
