/** An answer of the engine other than success; goes over the wire as `{message}`. */
export class EngineError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export const noSuchContainer = (ref: string): EngineError =>
  new EngineError(404, `No such container: ${ref}`);

export const notRunning = (id: string): EngineError => new EngineError(409, `Container ${id} is not running`);
