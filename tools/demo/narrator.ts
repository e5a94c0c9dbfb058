import cliProgress from 'cli-progress';

export interface Bar {
  update(done: number, total: number): void;
  end(): void;
}

/** Tells a person what happens: bars on a terminal, plain lines elsewhere. */
export interface Narrator {
  step(title: string): void;
  say(line: string): void;
  bar(label: string): Bar;
}

export function createNarrator(output: NodeJS.WriteStream): Narrator {
  const startedAt = performance.now();
  const say = (line: string): void => void output.write(`${line}\n`);
  let steps = 0;
  return {
    step(title) {
      steps += 1;
      say(`\n${steps}. ${title}  (${((performance.now() - startedAt) / 1000).toFixed(1)} s)`);
    },
    say: (line) => say(`   ${line}`),
    bar(label) {
      if (!output.isTTY) return { update: () => undefined, end: () => undefined };
      const bar = new cliProgress.SingleBar(
        { format: `   ${label} {bar} {value}/{total}`, stream: output, clearOnComplete: true, hideCursor: true },
        cliProgress.Presets.shades_classic,
      );
      bar.start(1, 0);
      return {
        update(done, total) {
          bar.setTotal(Math.max(total, 1));
          bar.update(done);
        },
        end: () => bar.stop(),
      };
    },
  };
}
