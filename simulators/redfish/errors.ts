/** An answer that is none: what a Redfish service says when it does not do something. */
export class Refusal extends Error {
  readonly status: number;
  readonly messageId: string;

  constructor(status: number, messageId: string, message: string) {
    super(message);
    this.status = status;
    this.messageId = messageId;
  }

  get body(): object {
    return {
      error: {
        code: 'Base.1.12.GeneralError',
        message: 'A general error has occurred. See ExtendedInfo for more information',
        '@Message.ExtendedInfo': [
          {
            ...{ Message: this.message, MessageArgs: [], MessageId: this.messageId },
            ...{
              RelatedProperties: [],
              Resolution: 'No response action is required.',
              Severity: 'Informational',
            },
          },
        ],
      },
    };
  }
}

export const unauthorized = (): Refusal =>
  new Refusal(
    401,
    'IDRAC.2.8.SYS414',
    'The authentication credentials included with this request are missing or invalid.',
  );
export const missing = (path: string): Refusal =>
  new Refusal(
    404,
    'IDRAC.2.8.SYS403',
    `Unable to complete the operation because the resource ${path} entered in not found.`,
  );
export const sessionsFull = (): Refusal =>
  new Refusal(503, 'IDRAC.2.8.RAC0218', 'The maximum number of user sessions is reached.');
export const booting = (): Refusal =>
  new Refusal(503, 'IDRAC.2.8.LC068', 'The Redfish service is initializing. Wait for some time and retry.');
export const already = (): Refusal =>
  new Refusal(
    409,
    'IDRAC.2.8.PSU501',
    'Unable to complete the operation because the server is already in the requested state.',
  );
export const badValue = (name: string): Refusal =>
  new Refusal(
    400,
    'Base.1.12.PropertyValueNotInList',
    `The value for the property ${name} is not in the list of acceptable values.`,
  );
export const changedMeanwhile = (): Refusal =>
  new Refusal(
    412,
    'Base.1.12.PreconditionFailed',
    'The ETag supplied did not match the ETag required to change this resource.',
  );
