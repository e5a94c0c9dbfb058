import { CodedError } from '@trackly-tune/domain';
/** No store could be started; the message says what was tried and what to install. */
export class EmbeddedStoreError extends CodedError<'embedded_store_unavailable' | 'data_folder_in_use'> {
  constructor(message: string, code: EmbeddedStoreError['code'] = 'embedded_store_unavailable') {
    super(code, message, { advice: 'never' });
  }
}

/** Another living process works on the same folder. */
export class FolderInUseError extends EmbeddedStoreError {
  constructor(
    readonly folder: string,
    readonly pid: number,
  ) {
    super(
      `${folder} is in use by process ${pid}; stop that one first, or choose another DATA_DIR`,
      'data_folder_in_use',
    );
  }
}

/** The program ended, or gave no answer in time. */
export class StoreStartError extends EmbeddedStoreError {
  /** The port was taken meanwhile, or a killed server was not reaped yet: worth another try. */
  readonly passing: boolean;
  constructor(program: string, said: string) {
    super(`${program} did not start: ${said.trim() || 'it said nothing'}`);
    this.passing =
      /address already in use|could not bind|could not create any TCP\/IP sockets|EADDRINUSE|shared memory block.*still in use|is another postmaster/is.test(
        said,
      );
  }
}
