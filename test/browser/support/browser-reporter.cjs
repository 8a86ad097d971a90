// A green run without a browser has not tested the chat page. It says so below everything else.
const NOTICE = `
THE CHAT PAGE WAS NOT TESTED: there is no Chromium on this machine, so the page and the widget were built and measured, but never opened.
These tests are neither passed nor failed. Install one (apt-get install chromium, brew install --cask chromium) or name one in TEST_CHROMIUM.
`;

module.exports = class BrowserReporter {
  onRunComplete() {
    const { argv } = process;
    const isWanted = !argv.includes('--selectProjects') || argv.includes('browser');
    // The configuration of Jest has looked for one. After Jest's own summary, which follows the reporters.
    const isMissing = process.env.TEST_CHROMIUM === '';
    if (isWanted && isMissing) process.once('exit', () => process.stderr.write(NOTICE));
  }
};
