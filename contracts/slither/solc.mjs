#!/usr/bin/env node
// The pinned compiler as the program that slither (PyPI) runs, with `--version` and `--standard-json`:
//
//     cd contracts/src && slither ../slither/input.json --config-file ../slither/config.json
//
// docs/onchain.md answers the findings that the configuration leaves out.

import { readFileSync } from "node:fs";
import solc from "solc";

if (process.argv.includes("--version")) {
  console.log(`Version: ${solc.version()}`);
} else {
  const input = JSON.parse(readFileSync(0, "utf8"));
  for (const source of Object.values(input.sources)) {
    source.content = readFileSync(source.urls[0], "utf8");
    delete source.urls;
  }
  const read = (name) => ({ contents: readFileSync(name, "utf8") });
  process.stdout.write(solc.compile(JSON.stringify(input), { import: read }));
}
