import './panel.css';
import { startPanel } from './page/start-panel.ts';
import { connect } from './page/transport.ts';

const root = document.getElementById('panel');
if (root === null) throw new Error('the page has no element with the id "panel"');
startPanel(root, connect());
