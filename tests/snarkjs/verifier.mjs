// Prints the creation bytecode of the contract that snarkjs exports for a key, compiled as an artifact of ours was:
//
//     node verifier.mjs <folder with node_modules> <artifact> <verification_key.json>
//
// The contract's template is under the GPL: it is rendered where npm has put it, and nothing of it is kept.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";

const [folder, artifact, key] = process.argv.slice(2).map((path) => resolve(path));
const require = createRequire(join(folder, "package.json"));
const [ejs, solc] = [require("ejs"), require("solc")];

function fail(text) {
  console.error(text);
  process.exit(1);
}

const read = (path) => JSON.parse(readFileSync(path, "utf8"));

/** What `snarkjs zkey export solidityverifier` writes: it, too, passes the whole key to the template. */
function render() {
  const template = join(folder, "node_modules/snarkjs/templates/verifier_groth16.sol.ejs");
  return ejs.render(readFileSync(template, "utf8"), read(key));
}

function compile(content) {
  const { compiler, settings } = read(artifact);
  if (solc.version() !== compiler) fail(`solc is ${solc.version()}, and the artifact is of ${compiler}: pin that one`);
  settings.outputSelection = { "*": { "*": ["evm.bytecode.object"] } };
  const input = { language: "Solidity", sources: { verifier: { content } }, settings };
  const { contracts, errors = [] } = JSON.parse(solc.compile(JSON.stringify(input)));
  const refused = errors.filter(({ severity }) => severity === "error");
  if (refused.length) fail(refused.map((e) => e.formattedMessage).join("\n"));
  return Object.values(contracts.verifier)[0].evm.bytecode.object;
}

console.log(compile(render()));
