// Compiles the contracts to `artifacts/`, or with --check says whether the artifacts are those of the sources.
//
// Compiler, optimiser and EVM version are pinned, and no metadata hash enters the bytecode: the same sources give the
// same bytes anywhere.

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import solc from "solc";

const place = (path) => new URL(path, import.meta.url);

/** What is deployed, and Groth16Only: it is for measuring, and never deployed. */
const contracts = ["src/NectarVerifier", "src/NectarRegistry", "bench/Groth16Only"];

const settings = {
  // The legacy pipeline runs out of stack in `verify`. Verification is called far more often than deployed.
  viaIR: true,
  optimizer: { enabled: true, runs: 1_000_000 },
  // The first version with MCOPY and EIP-1108's, 2565's prices unchanged; no later instruction is used.
  evmVersion: "cancun",
  metadata: { bytecodeHash: "none", appendCBOR: false },
  outputSelection: { "*": { "": ["ast"], "*": ["abi", "evm.bytecode.object", "evm.deployedBytecode"] } },
};

function compile() {
  const files = (folder) => readdirSync(place(folder)).map((name) => `${folder}/${name}`);
  const names = [...files("src"), ...files("bench")].filter((name) => name.endsWith(".sol"));
  const source = (name) => [name, { content: readFileSync(place(name), "utf8") }];
  const sources = Object.fromEntries(names.map(source));
  const output = JSON.parse(solc.compile(JSON.stringify({ language: "Solidity", sources, settings })));
  for (const { formattedMessage } of output.errors ?? []) console.error(formattedMessage);
  // Warnings too: there are to be none.
  if (output.errors?.length) process.exit(1);
  return output;
}

/** Where each immutable of a contract stands in its deployed bytecode: 32 bytes that its constructor fills in. */
function immutables(contract, source, name) {
  const { nodes } = source.ast.nodes.find((node) => node.nodeType === "ContractDefinition" && node.name === name);
  const named = nodes.filter((node) => node.mutability === "immutable");
  const references = contract.evm.deployedBytecode.immutableReferences ?? {};
  return Object.fromEntries(named.map(({ id, name }) => [name, (references[id] ?? []).map(({ start }) => start)]));
}

function artifact(contract, source, name) {
  const { abi, evm } = contract;
  const { outputSelection, ...pinned } = settings;
  return {
    compiler: solc.version(),
    settings: pinned,
    abi,
    bytecode: `0x${evm.bytecode.object}`,
    deployedBytecode: `0x${evm.deployedBytecode.object}`,
    immutables: immutables(contract, source, name),
  };
}

const output = compile();
const check = process.argv.includes("--check");
for (const path of contracts) {
  const name = path.split("/")[1];
  const contract = output.contracts[`${path}.sol`][name];
  const file = place(`artifacts/${name}.json`);
  const text = `${JSON.stringify(artifact(contract, output.sources[`${path}.sol`], name), null, 1)}\n`;
  console.log(`${name}: ${contract.evm.deployedBytecode.object.length / 2} bytes of 24576`);
  if (!check) writeFileSync(file, text);
  else if (readFileSync(file, "utf8") !== text) {
    console.error(`${name}.json is not what the sources compile to: run \`npm run build\``);
    process.exitCode = 1;
  }
}
