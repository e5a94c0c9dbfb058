// Jest's environment for Node.js without a realm of its own for each file: test files run beside what Node.js itself
// loaded, so that packages are loaded once per worker (packages-once-runtime.cjs), and an Error of a package or of
// Node.js is an Error to a test. Environment variables and the console are as before when a file ends.
// Plain JavaScript, since Jest loads its environments untransformed.
import process from 'node:process';
import vm from 'node:vm';
import { TestEnvironment } from 'jest-environment-node';

const contexts = new WeakSet();

/** Without the context that Jest made: then Node.js takes the realm that it runs in itself. */
function here(options, name) {
  return options !== undefined && contexts.has(options[name]) ? { ...options, [name]: undefined } : options;
}

// Jest gives the context to these and has no option to leave it out. Without --experimental-vm-modules there are no modules.
for (const name of ['SourceTextModule', 'SyntheticModule'].filter((one) => one in vm)) {
  vm[name] = class extends vm[name] {
    constructor(...words) {
      super(...words.slice(0, -1), here(words.at(-1), 'context'));
    }
  };
}
const { compileFunction } = vm;
vm.compileFunction = (code, names, options) => compileFunction(code, names, here(options, 'parsingContext'));

export class OneRealmEnvironment extends TestEnvironment {
  #variables = {};
  #console;

  constructor(config, context) {
    super(config, context);
    contexts.add(this.context);
    this.global = globalThis;
  }

  async setup() {
    await super.setup();
    this.#variables = { ...process.env };
    this.#console = globalThis.console;
  }

  async teardown() {
    await super.teardown();
    globalThis.console = this.#console;
    for (const name of Object.keys(process.env)) if (!(name in this.#variables)) delete process.env[name];
    Object.assign(process.env, this.#variables);
  }
}
