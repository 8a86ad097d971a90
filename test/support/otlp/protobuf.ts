/** One field of a message: varints and fixed numbers as bigint, everything else as bytes. */
export interface Field {
  number: number;
  value: bigint | Buffer;
}

/** The fields of a protobuf message in their order (https://protobuf.dev/programming-guides/encoding/). @throws when it is none */
export function fieldsOf(bytes: Buffer): Field[] {
  const fields: Field[] = [];
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes[at++];
      if (byte === undefined || shift > 63n) throw new Error('This is no protobuf: a number has no end.');
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  const take = (length: number): Buffer => {
    if (at + length > bytes.length) throw new Error('This is no protobuf: a field is longer than its message.');
    return bytes.subarray(at, (at += length));
  };
  while (at < bytes.length) {
    const tag = Number(varint());
    const number = tag >>> 3;
    switch (tag & 7) {
      case 0:
        fields.push({ number, value: varint() });
        break;
      case 1:
        fields.push({ number, value: take(8).readBigUInt64LE() });
        break;
      case 2:
        fields.push({ number, value: take(Number(varint())) });
        break;
      case 5:
        fields.push({ number, value: BigInt(take(4).readUInt32LE()) });
        break;
      default:
        throw new Error(`This is no protobuf: wire type ${tag & 7}.`);
    }
  }
  return fields;
}

/** All messages of a repeated field. */
export const messages = (fields: Field[], number: number): Field[][] =>
  fields.filter((field) => field.number === number).map(({ value }) => fieldsOf(value as Buffer));

export const bytesAt = (fields: Field[], number: number): Buffer =>
  (fields.find((field) => field.number === number)?.value as Buffer | undefined) ?? Buffer.alloc(0);

export const textAt = (fields: Field[], number: number): string => bytesAt(fields, number).toString('utf8');

export const numberAt = (fields: Field[], number: number): bigint =>
  (fields.find((field) => field.number === number)?.value as bigint | undefined) ?? 0n;
