"use strict";
(() => {
  const CHUNK = 100;
  const LEVELS = ["critical", "high", "medium", "low", "info"];
  const root = document.documentElement;
  const panels = [...document.querySelectorAll(".panel")];

  // Untrusted text goes through textContent, never through HTML.
  const make = (tag, attributes, ...children) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes || {})) {
      if (value !== null && value !== undefined && value !== false) element.setAttribute(name, value === true ? "" : value);
    }
    element.append(...children.filter((child) => child !== null && child !== undefined));
    return element;
  };

  // Lines break at separators and capitals of a name, not inside its words.
  const breakable = (text) => text.split(/(?<=[./_:,=@-])(?=\w)|(?<=[a-z])(?=[A-Z])/).flatMap((part, index) => (index ? [document.createElement("wbr"), part] : [part]));

  const stored = (value) => {
    try {
      if (value === undefined) return localStorage.getItem("mlplatform-theme") || "";
      localStorage.setItem("mlplatform-theme", value);
    } catch {
      // a browser may refuse storage to a local file; the choice then lasts as long as the page
    }
    return "";
  };

  const themes = { "": "system", light: "light", dark: "dark" };
  const theme = document.getElementById("theme");
  const applyTheme = (name) => {
    if (name) root.dataset.theme = name;
    else delete root.dataset.theme;
    theme.textContent = `Theme: ${themes[name]}`;
  };
  let chosen = stored() in themes ? stored() : "";
  applyTheme(chosen);
  theme.hidden = false;
  theme.addEventListener("click", () => {
    const names = Object.keys(themes);
    chosen = names[(names.indexOf(chosen) + 1) % names.length];
    applyTheme(chosen);
    stored(chosen);
  });

  const dollars = (amount) =>
    amount.toLocaleString("en-US", Math.abs(amount) >= 10 || amount === 0 ? { maximumFractionDigits: 0 } : { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  // marks stand before and after an amount that rests on an estimate or on an old price
  const amount = (one, index) => one.cost[index] && one.marks ? one.marks[0] + dollars(one.cost[index]) + one.marks[1] : dollars(one.cost[index]);

  const pretty = (value) => {
    if (typeof value === "string") {
      if (/^\s*[[{]/.test(value)) {
        try {
          return JSON.stringify(JSON.parse(value), null, 2);
        } catch {
          return value;
        }
      }
      return value;
    }
    return typeof value === "object" && value !== null ? JSON.stringify(value, null, 2) : String(value);
  };

  const chip = (level) => make("span", { class: `chip ${level}` }, level);

  const detail = (one) => {
    const box = make("div", { class: "detail" });
    const list = (pairs) => {
      const dl = make("dl");
      for (const [name, value] of pairs) dl.append(make("dt", {}, name), make("dd", {}, value));
      return dl;
    };
    const facts = [
      ["Type", make("code", {}, ...breakable(one.token))],
      ["URN", make("code", {}, ...breakable(one.urn))],
      ["Component", one.component || "none"],
    ];
    if (one.options.length) facts.push(["Pulumi", one.options.join(", ")]);
    if (one.cost) facts.push(["USD a month", `${amount(one, 1)} expected, ${amount(one, 0)} to ${amount(one, 2)}`]);
    if (one.needs.length) facts.push(["Needs", make("span", {}, ...breakable(one.needs.join(", ")))]);
    box.append(list(facts));
    if (one.findings.length) {
      const found = make("ul", { class: "findings" });
      for (const [level, rule, reason, fix, path] of one.findings) {
        const text = make("p", {}, path ? make("code", {}, ...breakable(path)) : null, `${path ? " " : ""}${reason}`);
        found.append(make("li", {}, chip(level), make("div", {}, text, make("p", { class: "soft" }, `${fix} `, make("code", {}, rule)))));
      }
      box.append(make("h4", {}, "Findings"), found);
    }
    const inputs = Object.entries(one.inputs).map(([key, value]) => {
      const shown = make("div", {}, make("pre", {}, pretty(value)));
      if (one.from[key]) shown.append(make("span", { class: "soft" }, `from ${one.from[key].join(", ")}`));
      return [key, shown];
    });
    box.append(make("h4", {}, "Inputs"), inputs.length ? list(inputs) : make("p", {}, "None."));
    return box;
  };

  const COLUMNS = [
    ["Resource", (a, b) => a.name.localeCompare(b.name, "en")],
    ["Type", (a, b) => a.type.localeCompare(b.type, "en")],
    ["Capability", null],
    ["Findings", (a, b) => a.rank - b.rank],
    ["USD a month", (a, b) => (b.cost ? b.cost[1] : -1) - (a.cost ? a.cost[1] : -1)],
  ];

  const resources = (panel) => {
    const section = panel.querySelector(".resources");
    const all = JSON.parse(section.querySelector(".data").textContent);
    const fields = Object.fromEntries([...section.querySelectorAll("[data-f]")].map((element) => [element.dataset.f, element]));
    const status = section.querySelector(".count");
    const id = panel.id;
    for (const one of all) one.text = [one.name, one.token, one.type, one.capability, one.component].join(" ").toLowerCase();
    const options = (field, key) => {
      const values = [...new Set(all.map((one) => one[key]))].sort((a, b) => a.localeCompare(b, "en"));
      for (const value of values) field.append(make("option", { value }, value));
    };
    options(fields.capability, "capability");
    options(fields.type, "type");

    const body = make("tbody");
    const heads = COLUMNS.map(([title, order], index) => {
      const button = make("button", { type: "button" }, title);
      button.addEventListener("click", () => sort(index));
      return make("th", { scope: "col", class: index === 4 ? "num" : null, "aria-sort": index === 2 ? "ascending" : null }, button);
    });
    const table = make("table", {}, make("caption", { class: "hidden" }, `Resources of ${panel.dataset.title}`), make("thead", {}, make("tr", {}, ...heads)), body);
    const more = make("button", { type: "button", class: "quiet more-rows" });
    const frame = make("div", { class: "scroll", role: "region", tabindex: "0", "aria-label": `Table of resources of ${panel.dataset.title}` }, table, more);
    section.querySelector(".list").append(frame);

    let found = all;
    let shown = 0;
    let sorted = 2;

    const row = (one, number) => {
      const target = `${id}-r${number}`;
      const button = make("button", { type: "button", class: "row", "aria-expanded": "false" }, make("span", {}, ...breakable(one.name)), " ");
      const name = make("th", { scope: "row" }, button);
      if (one.data) button.append(make("span", { class: "tag" }, "holds data"));
      if (one.change) button.append(" ", make("span", { class: `kind ${one.change}` }, one.change));
      button.append(make("span", { class: "soft narrow" }, ...breakable(`${one.type}, ${one.capability}`)));
      const worst = one.findings.length ? make("span", {}, chip(one.findings[0][0]), one.findings.length > 1 ? ` and ${one.findings.length - 1} more` : "") : make("span", { class: "soft" }, "none");
      const line = make("tr", {}, name, make("td", {}, ...breakable(one.type)), make("td", {}, one.capability), make("td", {}, worst), make("td", { class: "num" }, one.cost ? amount(one, 1) : ""));
      button.addEventListener("click", () => {
        const open = button.getAttribute("aria-expanded") === "true";
        button.setAttribute("aria-expanded", String(!open));
        if (open) {
          line.nextElementSibling.remove();
          button.removeAttribute("aria-controls");
        } else {
          line.after(make("tr", { id: target }, make("td", { colspan: "5" }, detail(one))));
          button.setAttribute("aria-controls", target);
        }
      });
      return line;
    };

    const grow = (count) => {
      const part = document.createDocumentFragment();
      const end = Math.min(found.length, shown + count);
      for (let number = shown; number < end; number += 1) part.append(row(found[number], number));
      body.append(part);
      shown = end;
      more.hidden = shown >= found.length;
      more.textContent = `Show more (${(found.length - shown).toLocaleString("en-US")} left)`;
    };

    const draw = () => {
      body.replaceChildren();
      shown = 0;
      grow(CHUNK);
      const total = all.length.toLocaleString("en-US");
      const noun = all.length === 1 ? "resource" : "resources";
      status.textContent = found.length === all.length ? `${total} ${noun}` : `${found.length.toLocaleString("en-US")} of ${total} ${noun}`;
    };

    const haystack = (one) => {
      if (!fields.inputs.checked) return one.text;
      if (one.deep === undefined) one.deep = `${one.text} ${JSON.stringify(one.inputs).toLowerCase()}`;
      return one.deep;
    };

    const filter = () => {
      const words = fields.text.value.toLowerCase().split(/\s+/).filter(Boolean);
      const level = fields.level.value === "" ? LEVELS.length : Number(fields.level.value);
      found = all.filter(
        (one) =>
          (!fields.capability.value || one.capability === fields.capability.value) &&
          (!fields.type.value || one.type === fields.type.value) &&
          (!fields.data.checked || one.data) &&
          (!fields.change || !fields.change.value || one.change === fields.change.value) &&
          (fields.level.value === "" || one.rank <= level) &&
          words.every((word) => haystack(one).includes(word)),
      );
      order();
      draw();
    };

    const order = () => {
      const compare = COLUMNS[sorted][1];
      if (compare) found = [...found].sort(compare);
    };

    const sort = (index) => {
      sorted = index;
      heads.forEach((head, number) => {
        if (number === index) head.setAttribute("aria-sort", index === 4 ? "descending" : "ascending");
        else head.removeAttribute("aria-sort");
      });
      filter();
    };

    for (const [name, field] of Object.entries(fields)) {
      if (name !== "clear") field.addEventListener(name === "text" ? "input" : "change", filter);
    }
    const clear = () => {
      for (const field of Object.values(fields)) {
        if (field.type === "checkbox") field.checked = false;
        else if (field.tagName !== "BUTTON") field.value = "";
      }
      filter();
    };
    fields.clear.addEventListener("click", clear);
    fields.text.addEventListener("keydown", (event) => {
      if (event.key === "Escape") clear();
      if (event.key === "ArrowDown") {
        const first = body.querySelector(".row");
        if (first) first.focus();
        event.preventDefault();
      }
    });
    body.addEventListener("keydown", (event) => {
      if (!event.target.classList.contains("row") || !["ArrowDown", "ArrowUp"].includes(event.key)) return;
      const rows = [...body.querySelectorAll(".row")];
      const next = rows.indexOf(event.target) + (event.key === "ArrowDown" ? 1 : -1);
      if (next < 0) fields.text.focus();
      else {
        if (next >= rows.length && shown < found.length) grow(CHUNK);
        const target = [...body.querySelectorAll(".row")][next];
        if (target) target.focus();
      }
      event.preventDefault();
    });
    more.addEventListener("click", () => {
      const last = shown;
      grow(CHUNK * 5);
      const next = body.querySelectorAll(".row")[last];
      if (next) next.focus();
    });
    new IntersectionObserver((entries) => {
      if (entries.some((entry) => entry.isIntersecting) && shown && shown < found.length) grow(CHUNK);
    }, { root: frame, rootMargin: "400px" }).observe(more);
    section.querySelector(".filters").hidden = false;
    draw();
    return {
      focus: () => fields.text.focus(),
      search: (text) => {
        clear();
        fields.text.value = text;
        filter();
      },
      all: () => grow(found.length),
    };
  };

  const ready = new Map();
  const opened = (panel) => {
    if (!ready.has(panel)) ready.set(panel, resources(panel));
    return ready.get(panel);
  };

  const tabs = document.getElementById("tabs");
  let active = panels[0];
  const show = (panel) => {
    active = panel;
    for (const one of panels) one.hidden = one !== panel;
    for (const tab of tabs.children) {
      const selected = tab.dataset.panel === panel.id;
      tab.setAttribute("aria-selected", String(selected));
      tab.tabIndex = selected ? 0 : -1;
    }
    opened(panel);
  };
  if (panels.length > 1) {
    tabs.setAttribute("role", "tablist");
    tabs.setAttribute("aria-label", "Stacks");
    for (const panel of panels) {
      const tab = make("button", { type: "button", role: "tab", id: `${panel.id}-tab`, "aria-controls": panel.id, "data-panel": panel.id }, panel.dataset.title);
      tab.addEventListener("click", () => show(panel));
      panel.setAttribute("role", "tabpanel");
      panel.setAttribute("aria-labelledby", tab.id);
      tabs.append(tab);
    }
    tabs.addEventListener("keydown", (event) => {
      const last = panels.length - 1;
      const now = panels.indexOf(active);
      const next = { ArrowRight: now === last ? 0 : now + 1, ArrowLeft: now === 0 ? last : now - 1, Home: 0, End: last }[event.key];
      if (next === undefined) return;
      show(panels[next]);
      tabs.children[next].focus();
      event.preventDefault();
    });
    tabs.hidden = false;
  }

  const follow = () => {
    const target = location.hash.length > 1 ? document.getElementById(decodeURIComponent(location.hash.slice(1))) : null;
    const panel = target && target.closest(".panel");
    if (panel && panel !== active) show(panel);
    if (target) target.scrollIntoView();
  };
  addEventListener("hashchange", follow);
  if (panels.length) show(panels[0]);
  if (location.hash) follow();

  document.addEventListener("click", (event) => {
    const link = event.target.closest ? event.target.closest(".graph a") : null;
    if (!link) return;
    const panel = link.closest(".panel");
    opened(panel).search(link.dataset.node);
  });

  document.addEventListener("keydown", (event) => {
    const typing = event.target.matches && event.target.matches("input, select, textarea");
    if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey || !active) return;
    event.preventDefault();
    opened(active).focus();
  });

  let folded = [];
  addEventListener("beforeprint", () => {
    for (const panel of panels) opened(panel).all();
    folded = [...document.querySelectorAll("details:not([open])")];
    for (const one of folded) one.open = true;
  });
  addEventListener("afterprint", () => {
    for (const one of folded) one.open = false;
  });
})();
