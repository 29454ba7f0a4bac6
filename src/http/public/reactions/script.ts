/** The one script of the share page, some hundred bytes. It only improves: copies the address, opens the device's own share sheet. */
export const shareScript = `(()=>{
const d=document,copy=d.querySelector('[data-copy]'),device=d.querySelector('[data-share]'),field=d.getElementById('address');
if(copy&&navigator.clipboard){copy.hidden=false;const was=copy.textContent;copy.addEventListener('click',()=>navigator.clipboard.writeText(field.value).then(()=>{copy.textContent=copy.dataset.copy;setTimeout(()=>{copy.textContent=was},2000)},()=>{field.focus();field.select()}))}
if(field)field.addEventListener('focus',()=>field.select());
if(device&&navigator.share){device.parentNode.hidden=false;device.addEventListener('click',()=>navigator.share({title:device.dataset.share,url:field.value}).catch(()=>{}))}
})()`.replaceAll('\n', '');
