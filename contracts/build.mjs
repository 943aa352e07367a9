// Compiles the contracts to `artifacts/`, or with --check says whether the artifacts are those of the sources.
//
// Compiler, optimiser and EVM version are pinned, and no metadata hash enters the bytecode: the same sources give the
// same bytes anywhere.

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import solc from "solc";

const folder = (name) => new URL(`./${name}/`, import.meta.url);

/** What is deployed. */
const contracts = { "NectarVerifier.sol": ["NectarVerifier"], "NectarRegistry.sol": ["NectarRegistry"] };

const settings = {
  // The legacy pipeline runs out of stack in `verify`. Verification is called far more often than deployed.
  viaIR: true,
  optimizer: { enabled: true, runs: 1_000_000 },
  // The first version with MCOPY and EIP-1108's, 2565's prices unchanged; no later instruction is used.
  evmVersion: "cancun",
  metadata: { bytecodeHash: "none", appendCBOR: false },
  outputSelection: { "*": { "*": ["abi", "evm.bytecode.object", "evm.deployedBytecode.object"] } },
};

function compile() {
  const names = readdirSync(folder("src")).filter((name) => name.endsWith(".sol"));
  const source = (name) => [name, { content: readFileSync(new URL(name, folder("src")), "utf8") }];
  const sources = Object.fromEntries(names.map(source));
  const output = JSON.parse(solc.compile(JSON.stringify({ language: "Solidity", sources, settings })));
  for (const { formattedMessage } of output.errors ?? []) console.error(formattedMessage);
  // Warnings too: there are to be none.
  if (output.errors?.length) process.exit(1);
  return output.contracts;
}

function artifact({ abi, evm }) {
  const { outputSelection, ...pinned } = settings;
  return {
    compiler: solc.version(),
    settings: pinned,
    abi,
    bytecode: `0x${evm.bytecode.object}`,
    deployedBytecode: `0x${evm.deployedBytecode.object}`,
  };
}

const compiled = compile();
const check = process.argv.includes("--check");
for (const [file, names] of Object.entries(contracts)) {
  for (const name of names) {
    const place = new URL(`${name}.json`, folder("artifacts"));
    const text = `${JSON.stringify(artifact(compiled[file][name]), null, 1)}\n`;
    const bytes = compiled[file][name].evm.deployedBytecode.object.length / 2;
    console.log(`${name}: ${bytes} bytes of 24576`);
    if (!check) writeFileSync(place, text);
    else if (readFileSync(place, "utf8") !== text) {
      console.error(`${name}.json is not what the sources compile to: run \`npm run build\``);
      process.exitCode = 1;
    }
  }
}
