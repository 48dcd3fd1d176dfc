import Type, {
  type TEnum,
  type TInteger,
  type TNull,
  type TNumber,
  type TString,
  type TUnion,
} from 'typebox';

/** A number, or null while unknown. */
export const number = (description: string, unit: string): TUnion<[TNumber, TNull]> =>
  Type.Union([Type.Number(), Type.Null()], { description, unit });

/** A whole number, or null while unknown. */
export const integer = (description: string): TUnion<[TInteger, TNull]> =>
  Type.Union([Type.Integer(), Type.Null()], { description });

/** A data rate in MiB/s, or null while unknown. */
export const rate = (description: string): TUnion<[TNumber, TNull]> => number(description, 'MiB/s');

/** A text, or null while unknown. */
export const text = (description: string): TUnion<[TString, TNull]> =>
  Type.Union([Type.String(), Type.Null()], { description });

/** One of a few words, or null while unknown. */
export const oneOf = <V extends string[]>(
  values: readonly [...V],
  description: string,
): TUnion<[TEnum<V>, TNull]> => Type.Union([Type.Enum<V>(values), Type.Null()], { description });
