// What a metric means: opened by its button, and by the pointer of a mouse while it rests there.
const makeAbout = (button) => {
  const shown = document.getElementById(button.getAttribute('popovertarget'));
  shown.addEventListener('toggle', (event) => {
    if (event.newState !== 'open') return;
    const at = button.getBoundingClientRect();
    const width = document.documentElement.clientWidth;
    const left = Math.max(8, Math.min(at.left, width - shown.offsetWidth - 8));
    const below = at.bottom + 6 + shown.offsetHeight < innerHeight;
    Object.assign(shown.style, { inset: 'auto', margin: 0, left: `${left}px`, top: `${below ? at.bottom + 6 : Math.max(8, at.top - shown.offsetHeight - 6)}px` });
  });
  const mouse = (work) => (event) => { if (event.pointerType === 'mouse') work(); };
  button.addEventListener('pointerenter', mouse(() => shown.showPopover()));
  button.addEventListener('pointerleave', mouse(() => shown.hidePopover()));
};
