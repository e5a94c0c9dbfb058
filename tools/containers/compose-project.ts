import { spawn, spawnSync } from 'node:child_process';
import path from 'node:path';

/** A container of the project as the engine tells about it. */
export interface ContainerState {
  readonly service: string;
  readonly state: string;
  readonly health: string;
}

export interface ComposeProject {
  /** Runs a command of Compose and shows what it says. Throws when it fails. */
  run(...args: string[]): Promise<void>;
  containers(): ContainerState[];
}

const ASK_TIMEOUT_MS = 60_000;

/** The command of Compose on this machine; null where there is none. */
export function findCompose(): readonly string[] | null {
  const candidates = [['docker', 'compose'], ['docker-compose']] as const;
  const works = ([program, ...args]: readonly string[]): boolean =>
    spawnSync(program ?? '', [...args, 'version'], { timeout: ASK_TIMEOUT_MS }).status === 0;
  return candidates.find(works) ?? null;
}

/** Whether a container engine answers. */
export function isEngineThere(): boolean {
  return spawnSync('docker', ['info'], { timeout: ASK_TIMEOUT_MS }).status === 0;
}

/** docker-compose.yml with the demo's environment, under a project name and on ports of its own. */
export function openComposeProject(
  root: string,
  options: { compose: readonly string[]; name: string; env: Readonly<Record<string, string>> },
): ComposeProject {
  const { compose, name, env } = options;
  const [program = '', ...before] = compose;
  const all = [...before, '--project-name', name, '--env-file', path.join(root, 'deploy/docker/demo.env')];
  return {
    async run(...args) {
      const child = spawn(program, [...all, ...args], {
        cwd: root,
        env: { ...process.env, COMPOSE_PROFILES: 'demo', ...env },
        stdio: ['ignore', 'inherit', 'inherit'],
      });
      const status = await new Promise<number | null>((resolve, reject) => {
        child.once('error', reject);
        child.once('exit', resolve);
      });
      if (status !== 0) throw new Error(`${[...compose, ...args].join(' ')} ended with ${status ?? 'a signal'}`);
    },
    containers() {
      const format = '{{.Label "com.docker.compose.service"}}\t{{.State}}\t{{.Status}}';
      const args = ['ps', '--all', '--filter', `label=com.docker.compose.project=${name}`, '--format', format];
      const { status, stdout, stderr } = spawnSync('docker', args, { encoding: 'utf8', timeout: ASK_TIMEOUT_MS });
      if (status !== 0) throw new Error(`docker ps failed: ${stderr}`);
      return stdout
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => {
          const [service = '', state = '', text = ''] = line.split('\t');
          return { service, state, health: /\((?:health: )?([a-z]+)\)$/.exec(text)?.[1] ?? 'none' };
        });
    },
  };
}
