"""How drawings look where they stand alone; a page brings its own."""

STYLE = (
    ".graph{--ground:#fff;--net:#eef4ff;--net-line:#7aa2e3;--sub:#f7faff;--cap:#f4f4f5;--line:#d4d4d8;--tile:#fff;"
    "--ink:#18181b;--soft:#52525b;--edge:#71717a;--mark:#b45309;background:var(--ground);"
    "font-family:system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif}"
    "@media(prefers-color-scheme:dark){.graph{--ground:#101014;--net:#131c2e;--net-line:#3d5d94;--sub:#172136;"
    "--cap:#1c1c21;--line:#3f3f46;--tile:#26262c;--ink:#f4f4f5;--soft:#b4b4bd;--edge:#a1a1aa;--mark:#f59e0b}}"
    ".net{fill:var(--net);stroke:var(--net-line);stroke-width:1.5}"
    ".sub{fill:var(--sub);stroke:var(--net-line)}.pub{stroke-dasharray:5 4}"
    ".cap{fill:var(--cap);stroke:var(--line)}.comp{fill:none;stroke:var(--line);stroke-dasharray:3 3}"
    ".tile{fill:var(--tile);stroke:var(--line)}.mark{fill:var(--mark)}"
    ".edge{fill:none;stroke:var(--edge);stroke-width:1.3;opacity:.75}.head{fill:var(--edge)}"
    ".name{font-size:12px;font-weight:600;fill:var(--ink)}.stack{font-size:15px;font-weight:700;fill:var(--ink)}"
    ".what{font-size:12.5px;font-weight:600;fill:var(--ink)}.more{font-size:11px;fill:var(--soft)}"
    ".what.small{font-size:10.5px}.more.small{font-size:9.5px}"
)
