import { UploadReads } from './upload-reads';

const enterAll = (reads: UploadReads, count: number, userOf: (index: number) => number): Promise<() => void>[] =>
  Array.from({ length: count }, (_, index) => reads.enter(userOf(index)));

describe('UploadReads', () => {
  it('lets one user have 6 pictures at a time; the 7th waits for one of them, and others do not', async () => {
    const reads = new UploadReads();
    const [first] = await Promise.all(enterAll(reads, 6, () => 1));
    const order: string[] = [];
    const seventh = reads.enter(1).then(() => order.push('seventh'));
    await reads.enter(2).then(() => order.push('other'));
    first!();
    first!();
    await seventh;
    expect(order).toEqual(['other', 'seventh']);
  });

  it('lets all together have 20 at a time', async () => {
    const reads = new UploadReads(1);
    const places = await Promise.all(enterAll(reads, 20, (index) => index));
    await expect(reads.enter(99)).rejects.toMatchObject({ code: 'UPLOAD.BUSY', status: 503 });
    places[0]!();
    await expect(reads.enter(99)).resolves.toBeInstanceOf(Function);
  });

  it('refuses the 201st that would wait', async () => {
    const reads = new UploadReads();
    await Promise.all(enterAll(reads, 20, (index) => index));
    const gone = new AbortController();
    const waiting = Array.from({ length: 200 }, () => reads.enter(99, gone.signal));
    await expect(reads.enter(99)).rejects.toMatchObject({ code: 'UPLOAD.BUSY', extra: { retryAfterSeconds: 2 } });
    gone.abort();
    expect((await Promise.allSettled(waiting)).every(({ status }) => status === 'rejected')).toBe(true);
  });
});
