// Suggestions while a name is typed: a combobox after the ARIA Authoring Practices.
// Without this file the box is a plain form; nothing else on the pages needs a script.
"use strict";

(function () {
  const WAIT = 120;
  const MOST = 8;
  let boxes = 0;

  function parts(text, ranges) {
    // Ranges count code points, a string's own numbers do not.
    const points = Array.from(text);
    const nodes = [];
    let place = 0;
    for (const [start, end] of ranges) {
      nodes.push(document.createTextNode(points.slice(place, start).join("")));
      const mark = document.createElement("mark");
      mark.textContent = points.slice(start, end).join("");
      nodes.push(mark);
      place = end;
    }
    nodes.push(document.createTextNode(points.slice(place).join("")));
    return nodes;
  }

  function attach(input) {
    const form = input.form;
    const list = document.createElement("ul");
    const status = document.createElement("span");
    list.id = "suggestions-" + ++boxes;
    list.className = "suggestions";
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", "Suggestions");
    list.hidden = true;
    status.className = "unseen";
    status.setAttribute("role", "status");
    form.append(list, status);
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-controls", list.id);
    input.setAttribute("aria-expanded", "false");

    let timer = 0;
    let asking = null;
    let chosen = -1;

    function close() {
      clearTimeout(timer);
      if (asking) asking.abort();
      list.hidden = true;
      list.replaceChildren();
      chosen = -1;
      status.textContent = "";
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
    }

    function choose(place) {
      const options = list.children;
      if (chosen >= 0) options[chosen].setAttribute("aria-selected", "false");
      chosen = place;
      if (chosen < 0) {
        input.removeAttribute("aria-activedescendant");
        return;
      }
      options[chosen].setAttribute("aria-selected", "true");
      options[chosen].scrollIntoView({ block: "nearest" });
      input.setAttribute("aria-activedescendant", options[chosen].id);
    }

    function go(option) {
      window.location.assign(option.dataset.page);
    }

    function show(suggestions, day) {
      list.replaceChildren();
      chosen = -1;
      input.removeAttribute("aria-activedescendant");
      suggestions.forEach(function (found, place) {
        if (!found.page) return;
        const option = document.createElement("li");
        const name = document.createElement("span");
        option.id = list.id + "-" + place;
        option.setAttribute("role", "option");
        option.setAttribute("aria-selected", "false");
        const own = found.page.startsWith("/");
        option.dataset.page =
          own && day ? found.page + (found.page.includes("?") ? "&" : "?") + "asOf=" + day : found.page;
        name.append(...parts(found.matched.text, found.matched.highlights));
        option.append(name);
        const beside = found.types.map(function (type) { return type.label; });
        if (found.matched.text !== found.label) beside.unshift(found.label);
        if (beside.length) {
          const note = document.createElement("span");
          note.className = "quiet small";
          note.textContent = beside.join(" · ");
          option.append(" ", note);
        }
        option.addEventListener("mousedown", function (event) {
          event.preventDefault();
          go(option);
        });
        list.append(option);
      });
      const count = list.children.length;
      list.hidden = count === 0;
      input.setAttribute("aria-expanded", String(count > 0));
      status.textContent = count === 1 ? "1 suggestion" : count + " suggestions";
    }

    async function ask() {
      const text = input.value.trim();
      if (asking) asking.abort();
      if (!text) return close();
      asking = new AbortController();
      const day = form.elements.asOf ? form.elements.asOf.value : "";
      const fields = new URLSearchParams({ q: text.slice(0, 300), limit: String(MOST) });
      if (day) fields.set("asOf", day);
      try {
        const answer = await fetch("/api/suggest?" + fields, { signal: asking.signal });
        if (!answer.ok) return close();
        const found = await answer.json();
        if (document.activeElement === input) show(found.suggestions, day);
      } catch (error) {
        if (error.name !== "AbortError") close();
      }
    }

    input.addEventListener("input", function () {
      clearTimeout(timer);
      timer = setTimeout(ask, WAIT);
    });
    input.addEventListener("blur", close);
    input.addEventListener("keydown", function (event) {
      const count = list.children.length;
      if (event.key === "Escape" && !list.hidden) {
        event.preventDefault();
        close();
      } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && !event.altKey) {
        event.preventDefault();
        if (!count) return void ask();
        const step = event.key === "ArrowDown" ? 1 : -1;
        const next = chosen + step;
        choose(next >= count ? -1 : next < -1 ? count - 1 : next);
      } else if (event.key === "Enter" && chosen >= 0) {
        event.preventDefault();
        go(list.children[chosen]);
      }
    });
  }

  document.querySelectorAll('form[role="search"] input[type="search"]').forEach(attach);
})();
