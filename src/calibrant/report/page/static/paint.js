// Colours of the theme, and what all figures have in common.
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

const axis = (title, more = {}) => ({
  title: { text: title, standoff: 8 }, automargin: true, zeroline: false, showline: true, ticks: 'outside',
  linecolor: colour('soft'), tickcolor: colour('soft'), gridcolor: colour('line'), fixedrange: true, ...more,
});

const layout = (more) => ({
  font: { family: 'system-ui, sans-serif', size: 13, color: colour('ink') },
  paper_bgcolor: 'rgba(0,0,0,0)', plot_bgcolor: 'rgba(0,0,0,0)',
  margin: { l: 52, r: 12, t: 30, b: 44 }, showlegend: false, dragmode: false, bargap: 0,
  hoverlabel: { bgcolor: colour('page'), bordercolor: colour('soft'), font: { color: colour('ink') }, align: 'left' },
  legend: { orientation: 'h', x: 0, y: 1, yanchor: 'bottom', font: { size: 12 } },
  ...more,
});

const CONFIG = { displayModeBar: false, responsive: true, scrollZoom: false, doubleClick: false };

// A page is laid out for paper without a word to its scripts: figures then get sizes that fit A4 and Letter.
let onPaper = false;
const paperSize = (element, shape) => {
  const beside = element.closest('.paired') !== null;
  const tall = beside && element.closest('.training, .coverage, .cost') === null;
  return { width: beside ? 315 : 650, height: shape.height ?? (tall ? 345 : 240), autosize: false };
};

const put = (element, traces, shape) => Plotly.react(element, traces, layout(onPaper ? { ...shape, ...paperSize(element, shape) } : shape), { ...CONFIG, responsive: !onPaper });

// What a control has set for a figure; null before.
const setAt = (element) => (element.dataset.at === undefined ? null : Number(element.dataset.at));

const line = (x, y, name, hue, more = {}) => ({
  type: 'scatter', mode: 'lines', x, y, name, line: { color: colour(hue), width: 2 }, ...more,
});

// Text at the top of an upright line.
const flag = (x, text, xanchor) => ({ x, xanchor, y: 1, yref: 'paper', yanchor: 'bottom', text, showarrow: false, font: { size: 11, color: colour('soft') } });

const upright = (x, hue = 'soft') => ({
  type: 'line', x0: x, x1: x, y0: 0, y1: 1, yref: 'paper', line: { color: colour(hue), width: 1.5, dash: 'dot' },
});
