// Comunica's SPARQL endpoint over one file, on a loopback port: `node serve.js FILE PORT`.
// Its own command listens on all addresses and reads its configuration for ten seconds.
const { HttpServiceSparqlEndpoint } = require("@comunica/actor-init-query");
const { QueryEngine } = require("@comunica/query-sparql-file");

// Text is compared by code points, as SPARQL has it.
String.prototype.localeCompare = function (other) {
  return this < other ? -1 : this > other ? 1 : 0;
};

const [file, port] = process.argv.slice(2);
const endpoint = new HttpServiceSparqlEndpoint({
  engine: new QueryEngine(),
  context: { sources: [{ value: file }], readOnly: true },
  port: { host: "127.0.0.1", port: Number(port) },
  timeout: 600_000,
});
endpoint.runWorker(process.stdout, process.stderr);
