import os from 'node:os';

/** The class of the machine and how busy it is: figures mean nothing without. */
export function describeMachine(): string {
  const cpus = os.cpus();
  const memoryGib = Math.round(os.totalmem() / 2 ** 30);
  const model = cpus[0]?.model.trim() ?? 'unknown processor';
  return `${cpus.length} cores (${model}), ${memoryGib} GiB of memory, ${os.platform()} ${os.arch()}, Node.js ${process.version}`;
}

/** Processes that wanted a core in the last minute; above the number of cores the machine was shared. */
export const describeLoad = (): string => (os.loadavg()[0] ?? 0).toFixed(1);
