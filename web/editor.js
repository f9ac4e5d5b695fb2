// The SPARQL editor: CodeMirror over the form's own textarea. The form works without it; what is
// added here is colour, completion from the ontology, marks at what is wrong, and answers that come
// without leaving the page. Words come from the page, in the reader's language.

import { acceptCompletion, autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { bracketMatching, HighlightStyle, StreamLanguage, syntaxHighlighting } from "@codemirror/language";
import { sparql } from "@codemirror/legacy-modes/mode/sparql";
import { lintKeymap, setDiagnostics } from "@codemirror/lint";
import { EditorState, Prec } from "@codemirror/state";
import { drawSelection, EditorView, highlightActiveLine, highlightSpecialChars, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";

const form = document.getElementById("ask");
const area = document.getElementById("query");
const said = document.getElementById("said");
const words = JSON.parse(document.getElementById("words").textContent);

const ink = (name) => ({ color: `var(--syntax-${name})` });
const colours = HighlightStyle.define([
  { tag: tags.keyword, ...ink("keyword"), fontWeight: "600" },
  { tag: tags.comment, ...ink("comment"), fontStyle: "italic" },
  { tag: [tags.string, tags.number, tags.literal], ...ink("literal") },
  { tag: [tags.variableName, tags.special(tags.variableName)], ...ink("variable") },
  { tag: [tags.atom, tags.url, tags.link], ...ink("iri") },
  { tag: [tags.operator, tags.punctuation, tags.bracket], ...ink("mark") },
]);

const look = EditorView.theme({
  "&": { color: "var(--ink)", backgroundColor: "var(--surface)", fontSize: "0.9375rem" },
  "&.cm-focused": { outline: "3px solid var(--focus)", outlineOffset: "2px" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.6", minHeight: "14rem", maxHeight: "60vh" },
  ".cm-content": { caretColor: "var(--ink)", padding: "0.5rem 0" },
  ".cm-cursor": { borderLeftColor: "var(--ink)", borderLeftWidth: "2px" },
  ".cm-gutters": { backgroundColor: "var(--sunken)", color: "var(--faint)", border: "none" },
  ".cm-activeLine": { backgroundColor: "color-mix(in srgb, var(--accent) 6%, transparent)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    backgroundColor: "color-mix(in srgb, var(--accent) 28%, transparent)",
  },
  ".cm-matchingBracket, &.cm-focused .cm-matchingBracket": { backgroundColor: "color-mix(in srgb, var(--accent) 22%, transparent)" },
  ".cm-tooltip": { backgroundColor: "var(--surface)", color: "var(--ink)", border: "1px solid var(--rule-strong)" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": { fontFamily: "var(--mono)", maxWidth: "min(40rem, 92vw)" },
  ".cm-tooltip-autocomplete ul li[aria-selected]": { backgroundColor: "var(--accent)", color: "var(--accent-ink)" },
  ".cm-completionDetail": { fontFamily: "var(--sans)", fontStyle: "normal", marginLeft: "1em", opacity: "1" },
  ".cm-completionMatchedText": { textDecoration: "underline" },
  ".cm-completionInfo": { maxWidth: "22rem", padding: "0.5rem 0.75rem", fontFamily: "var(--sans)" },
  ".cm-diagnostic": { padding: "0.375rem 0.75rem", fontFamily: "var(--sans)" },
  ".cm-lintRange-error": { backgroundImage: "none", textDecoration: "underline wavy var(--no) 2px", textUnderlineOffset: "4px" },
  ".cm-lintRange-warning": { backgroundImage: "none", textDecoration: "underline wavy var(--conditional) 2px", textUnderlineOffset: "4px" },
});

// What a query may name comes once, when it is first wanted.
let offered;
const offer = () =>
  (offered ??= fetch(area.dataset.words)
    .then((answer) => (answer.ok ? answer.json() : []))
    .then((all) => all.map(({ name, kind, label, info }) => ({ label: name, displayLabel: name, detail: label, info: info || undefined, type: kind, boost: kind === "thing" ? -50 : 0 }))));

async function complete(context) {
  const variable = context.matchBefore(/[?$][\w]*/u);
  if (variable) {
    const sign = variable.text[0];
    const names = new Set(context.state.doc.toString().match(/(?<=[?$])\w+/gu));
    names.delete(variable.text.slice(1));
    return { from: variable.from, options: [...names].map((name) => ({ label: sign + name, type: "variable" })), validFor: /^[?$]\w*$/u };
  }
  const word = context.matchBefore(/[\p{L}\p{N}_:.\-/<]+/u);
  if (!word && !context.explicit) return null;
  const typed = word ? word.text : "";
  const all = await offer();
  const colon = typed.includes(":");
  const options = all.filter(({ label, type }) => (colon ? type !== "prefix" && label.startsWith(typed.slice(0, typed.indexOf(":") + 1)) : type !== "thing"));
  // a word without a prefix is looked for in the labels too, in any language
  const low = typed.toLowerCase();
  const byLabel = colon || !low ? [] : options.filter(({ detail, label }) => detail.toLowerCase().includes(low) && !label.toLowerCase().includes(low));
  const named = byLabel.map((option) => ({ ...option, displayLabel: option.label, label: `${typed} ${option.label}`, apply: option.label }));
  return { from: word ? word.from : context.pos, options: [...options, ...named], validFor: colon ? /^[\w:.-]*$/u : undefined };
}

// A column counts characters; an editor's offset counts UTF-16 units.
function place(doc, line, column) {
  const at = doc.line(Math.min(Math.max(line, 1), doc.lines));
  let from = at.from + [...at.text].slice(0, column - 1).join("").length;
  let to = from + (/^[^\s{}();,]+/u.exec(doc.sliceString(from, at.to))?.[0].length ?? 1);
  if (from >= at.to) from = Math.max(at.from, at.to - 1);
  to = Math.min(Math.max(to, from + 1), doc.length);
  return { from: Math.min(from, to), to };
}

function mark() {
  const found = [...document.querySelectorAll("#answer [data-line]")].map((remark) => ({
    ...place(view.state.doc, Number(remark.dataset.line), Number(remark.dataset.column)),
    severity: remark.dataset.severity,
    message: remark.dataset.said,
  }));
  view.dispatch(setDiagnostics(view.state, found));
  const wrong = found.find(({ severity }) => severity === "error");
  if (wrong) view.dispatch({ selection: { anchor: wrong.from }, scrollIntoView: true });
}

let running;
async function run() {
  running?.abort();
  const mine = (running = new AbortController());
  area.value = view.state.doc.toString();
  const address = `${form.action}?${new URLSearchParams(new FormData(form))}`;
  document.getElementById("answer").setAttribute("aria-busy", "true");
  said.textContent = words.running;
  try {
    const answer = await fetch(address, { headers: { Accept: "text/html" }, signal: mine.signal });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const found = page.getElementById("answer");
    if (!found) throw new Error(page.querySelector("h1")?.textContent ?? answer.statusText);
    document.getElementById("answer").replaceWith(found);
    said.textContent = found.dataset.said ?? "";
    if (address !== location.href) window.history.pushState(null, "", address);
    mark();
  } catch (reason) {
    if (reason.name === "AbortError") return;
    document.getElementById("answer").removeAttribute("aria-busy");
    said.textContent = `${words.failed} ${reason.message}`;
  }
}

window.addEventListener("popstate", () => location.reload());

const view = new EditorView({
  doc: area.value,
  extensions: [
    EditorView.cspNonce.of(area.dataset.nonce),
    EditorState.phrases.of(words.phrases),
    EditorView.contentAttributes.of({ "aria-label": words.label, "aria-describedby": "keys", spellcheck: "false", autocapitalize: "off" }),
    Prec.highest(keymap.of([{ key: "Ctrl-Enter", mac: "Cmd-Enter", run: () => (run(), true) }])),
    keymap.of([{ key: "Tab", run: acceptCompletion }, ...closeBracketsKeymap, ...completionKeymap, ...historyKeymap, ...lintKeymap, ...defaultKeymap, indentWithTab]),
    lineNumbers(), highlightSpecialChars(), highlightActiveLine(), drawSelection(), history(),
    EditorView.lineWrapping, bracketMatching(), closeBrackets(),
    StreamLanguage.define(sparql), syntaxHighlighting(colours), look,
    autocompletion({ override: [complete], icons: false, maxRenderedOptions: 60 }),
  ],
});

area.hidden = true;
area.after(view.dom);
document.querySelector(`label[for="${area.id}"]`).addEventListener("click", () => view.focus());
form.addEventListener("submit", (event) => {
  event.preventDefault();
  run();
});
mark();
