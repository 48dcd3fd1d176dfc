// Runs on any Node.js, before the first TypeScript file is loaded.
const [major] = process.versions.node.split('.').map(Number);
if (major < 24) {
  console.error(
    `Labkeeper needs Node.js 24, this is ${process.version}.\n` +
      'Run it through npm (npm start, npm test): after "npm ci" that brings Node.js 24 along.',
  );
  process.exit(1);
}
