//! Pure table: the words of the section on what files say of their own making.

words! {
    /// Words of the section, in the order of its parts.
    ProvenanceWords, PROVENANCE_EN, PROVENANCE_IT;

    title: "What files say of their own making", "Che cosa dicono i file della propria origine";
    lead: "Statements of the files, not facts. Absence is no information: where a file says nothing, nothing is known of its making, and never that it is authentic.",
        "Dichiarazioni dei file, non fatti. L’assenza non è un’informazione: se un file tace, della sua origine non si sa nulla, e mai che sia autentico.";
    policy: "No grade changes an outcome, an order or a priority: composites and generated pictures can show real children.",
        "Nessun grado cambia un esito, un ordine o una priorità: fotomontaggi e immagini generate possono mostrare bambini reali.";
    grades: "Pictures and films by grade", "Immagini e filmati per grado";
    col_grade: "Grade", "Grado";
    col_meaning: "What it means", "Che cosa significa";
    col_files: "Files", "File";
    v0: "Nothing found: no information.", "Nulla trovato: nessuna informazione.";
    v1: "Asserted without a signature, or with one that does not hold or was not checked: easily forged, easily lost.",
        "Dichiarato senza firma, o con una firma che non regge o non è stata verificata: facile da falsificare e da perdere.";
    v2: "Asserted under a signature that holds, of a signer nobody vouches for: anybody can sign for themselves.",
        "Dichiarato con una firma che regge, di un firmatario di cui nessuno risponde: chiunque può firmare per sé.";
    v3: "Asserted under a signature that holds, of a signer on the trust list.",
        "Dichiarato con una firma che regge, di un firmatario incluso nell’elenco di fiducia.";
    x: "Statements contradict each other: a person must look.",
        "Le dichiarazioni si contraddicono: deve guardare una persona.";
    asserted: "What is asserted", "Che cosa è dichiarato";
    nothing: "No file says anything of its making.", "Nessun file dice nulla della propria origine.";
    col_says: "It says", "Dice";
    col_value: "Term or program", "Termine o programma";
    col_place: "Where it stands", "Dove si trova";
    generated: "made by a generative model, wholly or in part", "prodotto da un modello generativo, in tutto o in parte";
    captured: "taken by a device", "ripreso da un dispositivo";
    edited: "changed with a program", "modificato con un programma";
    ambiguous: "nothing certain", "nulla di certo";
    more: "and {n} other|and {n} others", "e {n} altro|e altri {n}";
    checked: "Signatures were checked by", "Firme verificate da";
    trust: "Trust list", "Elenco di fiducia";
    no_trust: "none was named, so no signer can be trusted", "nessuno indicato: nessun firmatario può risultare di fiducia";
    unchecked: "No signature was checked in this scan.", "In questa scansione nessuna firma è stata verificata.";
    not_tested: "Not tested, because it cannot be tested offline:", "Non verificato, perché non verificabile senza rete:";
    people: "What people say who looked", "Che cosa dice chi ha guardato";
    people_lead: "Outranks everything that files say.", "Prevale su tutto ciò che dicono i file.";
    nobody: "Nobody has said of any file how it was made.", "Nessuno ha detto di alcun file come sia stato prodotto.";
    col_mode: "Way of making", "Modo di produzione";
    col_disputed: "Disputed", "In disaccordo";
    compositing: "compositing", "fotomontaggio";
    swap: "swap", "sostituzione";
    synthetic: "synthetic", "sintetico";
    none: "none of these", "nessuno di questi";
    unknown: "cannot be told", "non si può dire";
}
