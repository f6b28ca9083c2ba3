//! Pure table: the words that the script of a page prints, in English and in Italian.

words! {
    /// Words that the script prints.
    ScriptWords, SCRIPT_EN, SCRIPT_IT;

    decimal_mark: ".", ",";
    range: "Rows {from} to {to} of {all}", "Righe da {from} a {to} di {all}";
    nothing: "No file fits. Clear the search or show more outcomes.", "Nessun file corrisponde. Azzerare la ricerca o mostrare più esiti.";
    known: "Known", "Noto";
    near: "Near", "Simile";
    known_good: "Known-good mark", "Innocuo noto";
    new: "New", "Nuovo";
    failed: "Failed", "Non letto";
    all_groups: "Group {n} only: show all", "Solo gruppo {n}: mostra tutti";
    open: "Details of {path}", "Dettagli di {path}";
    item: "Item", "Elemento";
    exhibit: "Exhibit", "Reperto";
    size: "Size", "Dimensione";
    bytes: "bytes", "byte";
    modified: "Changed, says the file system", "Modificato, secondo il file system";
    quality: "quality {n} of 100", "qualità {n} su 100";
    capture: "Device", "Dispositivo";
    lens: "Lens serial", "N. di serie obiettivo";
    software: "Written by", "Scritto da";
    taken: "Taken, as stated", "Scatto dichiarato";
    error: "Not done", "Non eseguito";
    matches: "List entry", "Voce d’elenco";
    row: "row {n}", "riga {n}";
    key: "key {key}", "chiave {key}";
    category: "category {code}", "categoria {code}";
    finding: "finding {id}", "rilevamento {id}";
    others: "Other findings", "Altri rilevamenti";
    good: "Known-good lists", "Elenchi di innocui noti";
    show_thumbnails: "Show the grey blurred thumbnails", "Mostra le miniature grigie e sfocate";
    hide_thumbnails: "Hide the thumbnails", "Nascondi le miniature";
    thumbnail: "Thumbnail of item {n}, grey and blurred", "Miniatura dell’elemento {n}, grigia e sfocata";
}
