/**
 * What runs in the page. It only says which element was chosen; the editor decides what is opened. It is text because
 * it runs in a browser, where none of our modules are.
 */
export const pageScript = `
(() => {
  const editor = acquireVsCodeApi();
  const content = document.getElementById("content");
  const state = Object.assign({ zoom: 1 }, editor.getState());
  const tables = () => [...content.querySelectorAll("g.node")];

  const choose = (target, withCode) => {
    const chosen = target.closest("[data-id]");
    if (chosen) editor.postMessage({ type: "open", id: chosen.dataset.id, side: withCode ? "code" : "design" });
    return chosen;
  };
  const zoomTo = (zoom) => {
    state.zoom = Math.min(2, Math.max(0.25, zoom));
    editor.setState(state);
    const drawing = content.querySelector("svg.tables");
    if (!drawing) return;
    drawing.setAttribute("width", drawing.dataset.width * state.zoom);
    drawing.setAttribute("height", drawing.dataset.height * state.zoom);
  };
  const showNear = (id) => {
    for (const path of content.querySelectorAll(".relations path")) {
      path.classList.toggle("near", id !== undefined && (path.dataset.from === id || path.dataset.to === id));
    }
  };
  const middle = (element) => {
    const { left, right, top, bottom } = element.getBoundingClientRect();
    return { x: (left + right) / 2, y: (top + bottom) / 2 };
  };
  const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  const neighbour = (from, [dx, dy]) => {
    const own = middle(from);
    const distances = tables().filter((table) => table !== from).map((table) => {
      const { x, y } = middle(table);
      const along = (x - own.x) * dx + (y - own.y) * dy;
      const across = Math.abs((x - own.x) * dy) + Math.abs((y - own.y) * dx);
      return { table, along, distance: along + 3 * across };
    });
    return distances.filter(({ along }) => along > 1).sort((a, b) => a.distance - b.distance)[0]?.table;
  };
  const focusTable = (table) => {
    if (!table) return;
    for (const each of tables()) each.setAttribute("tabindex", each === table ? "0" : "-1");
    table.focus();
    table.scrollIntoView({ block: "nearest", inline: "nearest" });
  };

  content.addEventListener("click", (event) => {
    const zoom = event.target.closest("[data-zoom]")?.dataset.zoom;
    if (zoom) zoomTo(zoom === "reset" ? 1 : state.zoom * (zoom === "in" ? 1.25 : 0.8));
    else choose(event.target, event.altKey);
  });
  content.addEventListener("keydown", (event) => {
    const table = event.target.closest("g.node");
    if (!table) return;
    if (event.key === "Enter" || event.key === " ") choose(table, event.altKey);
    else if (event.key === "Home") focusTable(tables()[0]);
    else if (event.key === "End") focusTable(tables().at(-1));
    else if (step[event.key]) focusTable(neighbour(table, step[event.key]));
    else return;
    event.preventDefault();
  });
  content.addEventListener("focusin", (event) => showNear(event.target.closest("g.table")?.dataset.id));
  content.addEventListener("pointerover", (event) => showNear(event.target.closest("g.table")?.dataset.id));
  addEventListener("message", ({ data }) => {
    if (data?.type !== "content") return;
    const focused = document.activeElement?.closest("[data-id]")?.dataset.id;
    const canvas = content.querySelector(".canvas");
    const at = [canvas?.scrollLeft ?? 0, canvas?.scrollTop ?? 0];
    content.innerHTML = data.html;
    content.querySelector(".canvas")?.scrollTo(...at);
    zoomTo(state.zoom);
    const again = [...content.querySelectorAll(".node, .endpoint")].find((each) => each.closest("[data-id]").dataset.id === focused);
    if (again) again.focus();
  });
  zoomTo(state.zoom);
})();
`;
