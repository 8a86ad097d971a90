// Loaded with `node --require` before a process of ours: its clock is FAULTS_CLOCK_OFFSET_MS off. Timers keep their pace, as on a machine with a wrong date.
const offsetMs = Number(process.env.FAULTS_CLOCK_OFFSET_MS);
const RealDate = Date;

globalThis.Date = class Date extends RealDate {
  constructor(...args) {
    if (args.length === 0) super(RealDate.now() + offsetMs);
    else super(...args);
  }

  static now() {
    return RealDate.now() + offsetMs;
  }
};
