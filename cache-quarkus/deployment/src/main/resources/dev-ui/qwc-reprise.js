import { LitElement, html, css } from 'lit';
import { JsonRpc } from 'jsonrpc';
import '@vaadin/button';
import '@vaadin/grid';
import '@vaadin/grid/vaadin-grid-column.js';

/** The hit rate and the latest requests. */
export class QwcReprise extends LitElement {
  jsonRpc = new JsonRpc(this);

  static styles = css`
    :host { display: flex; flex-direction: column; gap: 1em; padding: 1em; height: 100%; }
    .figures { display: flex; gap: 2em; align-items: baseline; }
    .rate { font-size: 2em; }
  `;

  static properties = {
    _figures: { state: true },
    _decisions: { state: true },
  };

  connectedCallback() {
    super.connectedCallback();
    this._refresh();
  }

  render() {
    if (!this._figures) {
      return html`<span>Loading ...</span>`;
    }
    const f = this._figures;
    return html`
      <div class="figures">
        <span class="rate">${(100 * f.hitRate).toFixed(1)} % hits</span>
        <span>${f.requests} requests</span>
        <span>${f.exactHits} exact hits</span>
        <span>${f.semanticHits} hits by meaning</span>
        <span>${f.misses} misses</span>
        <span>${f.bypassed} bypassed</span>
        <vaadin-button @click=${() => this._refresh()}>Refresh</vaadin-button>
      </div>
      <vaadin-grid .items=${this._decisions}>
        <vaadin-grid-column path="outcome" auto-width flex-grow="0"></vaadin-grid-column>
        <vaadin-grid-column path="model" auto-width flex-grow="0"></vaadin-grid-column>
        <vaadin-grid-column path="question"></vaadin-grid-column>
        <vaadin-grid-column path="detail"></vaadin-grid-column>
      </vaadin-grid>`;
  }

  _refresh() {
    this.jsonRpc.figures().then((answer) => { this._figures = answer.result; });
    this.jsonRpc.decisions().then((answer) => { this._decisions = answer.result; });
  }
}
customElements.define('qwc-reprise', QwcReprise);
