// Controls that are seen but have no name for a screen reader.
return [...document.querySelectorAll("button, a, input, select, summary")]
  .filter((one) => one.checkVisibility())
  .filter((one) => !one.innerText?.trim() && !one.ariaLabel && !one.labels?.length)
  .map((one) => one.outerHTML.slice(0, 120));
