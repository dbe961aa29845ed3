// Prints a page that opens every BPMN file of a folder with bpmn-js and says how that went.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const [out] = process.argv.slice(2);
const folder = join(out, 'files');
const files = readdirSync(folder).filter((name) => name.endsWith('.bpmn'));
const texts = Object.fromEntries(files.map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
const data = JSON.stringify(texts).replaceAll('<', '\\u003c');

process.stdout.write(`<!doctype html><meta charset="utf-8"><div id="canvas" style="height:600px"></div><pre id="said"></pre>
<script src="tools/node_modules/bpmn-js/dist/bpmn-viewer.production.min.js"></script>
<script>
const files = ${data};
(async () => {
  const said = [];
  let opened = 0;
  for (const [name, text] of Object.entries(files)) {
    const viewer = new BpmnJS({ container: '#canvas' });
    try {
      const { warnings } = await viewer.importXML(text);
      said.push(...warnings.map((warning) => name + ': ' + warning.message));
      const drawn = viewer.get('elementRegistry').getAll().length;
      const expected = (text.match(/<bpmndi:BPMN(Shape|Edge) /g) || []).length;
      if (drawn < expected) said.push(name + ': ' + drawn + ' of ' + expected + ' elements drawn');
      opened += 1;
    } catch (error) {
      said.push(name + ': ' + error.message);
    }
    viewer.destroy();
  }
  said.unshift('bpmn-js: ' + opened + ' of ' + Object.keys(files).length + ' files opened, ' + said.length + ' complaints');
  document.getElementById('said').textContent = said.join('\\n');
})();
</script>
`);
