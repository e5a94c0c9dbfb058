// Jest's runtime, which lets Node.js load the packages of node_modules: once per worker, where Jest would load some
// hundred modules anew for each file. Our own modules are still loaded for each file. Only right in
// one-realm-environment.mjs, where packages and tests have the same Error, Map and Date.
// CommonJS, since Jest requires its runtime.
const path = require('node:path');
const { pathToFileURL } = require('node:url');
const vm = require('node:vm');
const { default: Runtime } = require('jest-runtime');

const PACKAGES = `${path.sep}node_modules${path.sep}`;
const BARE = /^(?!node:|data:|file:|@jest\/globals$)[^./#]/;

async function loadOutside(file, context) {
  const exported = await import(pathToFileURL(file).href);
  const names = Object.keys(exported);
  const module = new vm.SyntheticModule(
    names,
    function () {
      for (const name of names) this.setExport(name, exported[name]);
    },
    { context, identifier: file },
  );
  await module.link(() => undefined);
  await module.evaluate();
  return module;
}

/** @public Jest loads it by its path. */
module.exports = class PackagesOnceRuntime extends Runtime {
  constructor(...words) {
    super(...words);
    const { esmLoader, _resolution: resolution } = this;
    const resolveModule = esmLoader.resolveModule.bind(esmLoader);
    const loaded = new Map();
    // From Node.js 24.9 on Jest would load all modules in one go and never come to `resolveModule`.
    resolution.hasDistinctAsyncResolver = () => true;
    esmLoader.resolveModule = async (specifier, from, context) => {
      const file = BARE.test(specifier) ? await resolution.resolveEsmAsync(from, specifier) : '';
      if (!file.includes(PACKAGES) || file.endsWith('.json')) return resolveModule(specifier, from, context);
      const module = loaded.get(file) ?? loadOutside(file, context);
      loaded.set(file, module);
      return module;
    };
  }
};
