// Reads queries with Microsoft's parser: {tables: {name: columns}, queries: [text]} on stdin,
// [{problems: [text], columns: [name]}] on stdout. Bridge.NET makes globals of both files.
const root = process.env.MLPLATFORM_PROOF_ENVIRONMENT + "/node_modules/@kusto/language-service-next/";
require(root + "bridge.min.js");
require(root + "Kusto.Language.Bridge.min.js");
const asked = JSON.parse(require("fs").readFileSync(0, "utf8"));
const symbols = Kusto.Language.Symbols;
const tables = Object.entries(asked.tables).map(([name, columns]) =>
  symbols.TableSymbol.From("(" + columns.replace(/\s+/g, " ") + ")").WithName(name));
const database = new symbols.DatabaseSymbol.ctor("logs", tables, false);
const globals = Kusto.Language.GlobalState.Default.WithDatabase(database);
const list = (items, read) => Array.from({ length: items.Count }, (_, index) => read(items.getItem(index)));
const answers = asked.queries.map((text) => {
  const code = Kusto.Language.KustoCode.ParseAndAnalyze(text, globals);
  const result = code.ResultType;
  return {
    problems: list(code.GetDiagnostics(), (one) => one.Severity + ": " + one.Message),
    columns: result && result.Columns ? list(result.Columns, (one) => one.Name) : [],
  };
});
process.stdout.write(JSON.stringify(answers));
