import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { canReach, canRead } from './run-as';

const STRANGER = { uid: 12_345, gid: 12_345 };

describe('what another user may reach', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'parley-run-as-'));
    mkdirSync(join(folder, 'inner'));
    writeFileSync(join(folder, 'inner/file'), '', { mode: 0o644 });
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('a folder behind a closed one cannot be reached', () => {
    chmodSync(folder, 0o700);
    expect(canReach(STRANGER, join(folder, 'inner'))).toBe(false);
  });

  it('a folder behind a passable one can, though it cannot be listed', () => {
    chmodSync(folder, 0o711);
    expect(canReach(STRANGER, join(folder, 'inner'))).toBe(true);
  });

  it("a file needs its own read permission as well as its folders'", () => {
    chmodSync(folder, 0o711);
    expect(canRead(STRANGER, join(folder, 'inner/file'))).toBe(true);
    chmodSync(join(folder, 'inner/file'), 0o600);
    expect(canRead(STRANGER, join(folder, 'inner/file'))).toBe(false);
  });

  it("the owner's own permissions count for the owner", () => {
    chmodSync(folder, 0o700);
    const { uid, gid } = statSync(folder);
    expect(canReach({ uid, gid }, folder)).toBe(true);
  });
});
