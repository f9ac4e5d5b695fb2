"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const words = data.words;
  const svg = document.querySelector("#stage svg");
  svg.setAttribute("role", "group");
  const node = (id) => document.getElementById(id);
  const boxes = new Map(data.boxes.map((box) => [box.id, box]));
  const folded = new Set();
  const classesOff = new Set();
  const READABLE = 0.6;

  // where a scale puts the picture: in the middle of what is seen, its left edge in sight
  function placed(scale) {
    const stage = node("stage").getBoundingClientRect();
    const width = svg.width.baseVal.value, height = svg.height.baseVal.value;
    const left = Math.max(0, (stage.width - width * scale) / 2), top = (stage.height - height * scale) / 2;
    // the picture is scaled around its middle, then moved by units of the scaled picture
    return { scale, x: (left - (width * (1 - scale)) / 2) / scale, y: (top - (height * (1 - scale)) / 2) / scale };
  }

  function whole() {
    const stage = node("stage").getBoundingClientRect();
    return placed(Math.min(1, stage.width / svg.width.baseVal.value, stage.height / svg.height.baseVal.value));
  }

  // the whole picture where it can be read so, else its middle
  const first = whole().scale < READABLE ? placed(READABLE) : whole();
  const panzoom = Panzoom(svg, {
    maxScale: 8, minScale: 0.05, canvas: true, startScale: first.scale, startX: first.x, startY: first.y,
  });
  node("stage").addEventListener("wheel", panzoom.zoomWithWheel, { passive: false });

  const below = (id) => data.links.filter((link) => link.parent === id).map((link) => link.child);

  // what is left when the descendants of folded boxes are taken away; another way to them keeps them
  function shown() {
    const parents = new Map([...boxes.keys()].map((id) => [id, []]));
    for (const link of data.links) if (link.child !== link.parent) parents.get(link.child).push(link.parent);
    const seen = new Set([...boxes.keys()].filter((id) => parents.get(id).length === 0));
    if (seen.size === 0) return new Set(boxes.keys());
    const open = [...seen];
    while (open.length) {
      const id = open.pop();
      if (folded.has(id)) continue;
      for (const child of below(id)) if (!seen.has(child)) { seen.add(child); open.push(child); }
    }
    return seen;
  }

  function refresh() {
    const visible = shown();
    const text = node("search").value.trim().toLowerCase();
    let found = 0;
    for (const box of boxes.values()) {
      const hit = !text || box.search.includes(text);
      const group = node(box.id);
      group.classList.toggle("gone", !visible.has(box.id));
      group.classList.toggle("dim", classesOff.has(box.class) || !hit);
      group.setAttribute("tabindex", visible.has(box.id) ? "0" : "-1");
      if (text && hit && visible.has(box.id)) found += 1;
    }
    for (const link of data.links) {
      const gone = !visible.has(link.child) || !visible.has(link.parent) || folded.has(link.parent);
      const dim = node(link.child).classList.contains("dim") || node(link.parent).classList.contains("dim");
      node(link.id).classList.toggle("gone", gone);
      node(link.id).classList.toggle("dim", dim);
      for (const extra of ["merge..", "joined.."]) {
        const part = node(extra + link.child);
        if (part) part.classList.toggle("gone", !visible.has(link.child));
      }
    }
    const hidden = boxes.size - visible.size;
    node("count").textContent = (text ? `${words.found}: ${found}. ` : "") + (hidden ? `${words.hidden}: ${hidden}.` : "");
  }

  function add(list, term, value) {
    if (!value) return;
    const dt = document.createElement("dt");
    const dd = document.createElement("dd");
    dt.textContent = term;
    if (value instanceof Node) dd.append(value); else dd.textContent = value;
    list.append(dt, dd);
  }

  function open(id) {
    const box = boxes.get(id);
    const card = node("card");
    card.replaceChildren();
    document.querySelectorAll("g.chosen").forEach((group) => group.classList.remove("chosen"));
    node(id).classList.add("chosen");
    const title = document.createElement("h2");
    title.textContent = box.name;
    const list = document.createElement("dl");
    for (const [term, value] of box.facts) add(list, term, value);
    if (box.href) {
      const anchor = document.createElement("a");
      anchor.href = anchor.textContent = box.href;
      add(list, box.place, anchor);
    }
    card.append(title, list);
    if (below(id).length) {
      const fold = document.createElement("button");
      fold.id = "fold";
      fold.textContent = folded.has(id) ? words.expand : words.collapse;
      fold.addEventListener("click", () => { toggle(id); open(id); node("fold").focus(); });
      card.append(fold);
    }
    card.hidden = false;
  }

  function centre(id) {
    const stage = node("stage").getBoundingClientRect();
    const box = node(id).getBoundingClientRect();
    const scale = panzoom.getScale();
    const x = (stage.left + stage.width / 2 - box.left - box.width / 2) / scale;
    const y = (stage.top + stage.height / 2 - box.top - box.height / 2) / scale;
    panzoom.pan(x, y, { relative: true, animate: false });
  }

  function visit(id) {
    node(id).focus({ preventScroll: true });
    centre(id);
  }

  function toggle(id) {
    if (folded.has(id)) folded.delete(id); else folded.add(id);
    refresh();
  }

  for (const id of boxes.keys()) {
    const group = node(id);
    group.setAttribute("role", "button");
    group.addEventListener("click", () => open(id));
    group.addEventListener("keydown", (event) => {
      if (event.key === "Enter" || event.key === " ") { event.preventDefault(); open(id); }
      if (event.key === "+" || event.key === "-") { event.stopPropagation(); toggle(id); }
      const step = { ArrowRight: below(id)[0], ArrowLeft: (data.links.find((link) => link.child === id) || {}).parent }[event.key];
      if (step) { event.preventDefault(); visit(step); }
    });
  }
  node("search").addEventListener("input", refresh);
  node("search").addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    const hit = [...boxes.values()].find((box) => !node(box.id).classList.contains("dim") && !node(box.id).classList.contains("gone"));
    if (hit) { open(hit.id); visit(hit.id); }
  });
  document.querySelectorAll("input[name=class]").forEach((input) => input.addEventListener("change", () => {
    if (input.checked) classesOff.delete(input.value); else classesOff.add(input.value);
    refresh();
  }));
  node("whole").addEventListener("click", () => fit());
  node("in").addEventListener("click", () => panzoom.zoomIn({ animate: false }));
  node("out").addEventListener("click", () => panzoom.zoomOut({ animate: false }));
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { node("card").hidden = true; }
  });

  function fit() {
    const { scale, x, y } = whole();
    panzoom.zoom(scale, { animate: false });
    panzoom.pan(x, y, { animate: false });
  }
  refresh();
})();
