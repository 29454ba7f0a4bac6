/**
 * The one script of an issue's page, a kilobyte. It only improves: marks the part that is being read in the contents, copies an address,
 * closes an explanation that hovers. Nothing is sent anywhere.
 */
export const issueScript = `(()=>{
const d=document,links=[...d.querySelectorAll('.contents a[href^="#"]')],of=new Map(links.map(a=>[decodeURIComponent(a.hash.slice(1)),a]));
const parts=[...of.keys()].map(id=>d.getElementById(id)).filter(Boolean);
let asked=0;
const mark=()=>{asked=0;let now;for(const p of parts)if(p.getBoundingClientRect().top<=innerHeight*.3)now=p;
for(const a of links)a.removeAttribute('aria-current');
const a=now&&of.get(now.id);if(a){a.setAttribute('aria-current','true');const box=a.closest('.contents');if(box.scrollHeight>box.clientHeight+1){const t=a.offsetTop-box.clientHeight/2;if(Math.abs(box.scrollTop-t)>box.clientHeight/3)box.scrollTop=t}}};
if(parts.length){addEventListener('scroll',()=>{asked=asked||requestAnimationFrame(mark)},{passive:true});mark()}
if(navigator.clipboard)for(const b of d.querySelectorAll('[data-copy]')){b.hidden=false;const was=b.textContent;b.addEventListener('click',()=>navigator.clipboard.writeText(b.dataset.copy).then(()=>{b.textContent=b.dataset.done;setTimeout(()=>{b.textContent=was},2000)},()=>{}))}
addEventListener('keydown',e=>{if(e.key==='Escape')d.documentElement.classList.add('calm')});
addEventListener('pointermove',()=>{if(!d.querySelector('.t:hover'))d.documentElement.classList.remove('calm')},{passive:true});
})()`.replaceAll('\n', '');
