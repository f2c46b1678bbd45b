//! Spanish. With accents folded "sí" and "si" are one word; with more words after it, it mostly means "if", so that
//! only whole replies of known words count as a yes.

use super::super::tags::Tag;
use super::List;

/// What the words can mean.
pub(super) const LISTS: &[List] = &[
    (
        Tag::Yes,
        "si, sii, sisi, siii, sip, simon, claro, claro que si, por supuesto, por supuesto que si, desde luego, como \
         no, con gusto, con mucho gusto, dale, vale, adelante, andale, esta bien, de acuerdo, afirmativo, correcto, \
         efectivamente, si claro, si senor, si senora, si por favor, si porfavor, si por supuesto, seguro que si, \
         obvio, obvio que si, sin duda, ciertamente, perfecto si, bueno si, ok si, estoy conforme, digo que si, digo \
         si, mi respuesta es si, la respuesta es si, mi respuesta es un si, por su puesto, porsupuesto, si quiero, si \
         claro que si",
    ),
    (
        Tag::NoThanks,
        "ya no estoy interesado, ya no estoy interesada, ya no me interesa, no gracias, no muchas gracias, claro que \
         no, por supuesto que no, desde luego que no, para nada, de ninguna manera, ni hablar, ni loco, ni loca, no \
         me interesa, no estoy interesado, no estoy interesada, no interesado, no interesada, no tengo interes, mejor \
         no, prefiero que no, prefiero no, en absoluto, que no, digo que no, digo no, mi respuesta es no, la \
         respuesta es no, no quiero, no deseo, no quiero nada, no lo quiero, no lo deseo, ya no quiero, no me gusta, \
         no puedo aceptar, jamas, jamas de los jamases, nunca jamas, nel, negativo, nones, no para nada, pues no, no \
         cuenten conmigo, no cuente conmigo, no me hace falta, no me conviene, no nos interesa, no lo necesito, no \
         necesito eso, no necesito esto, a mi no me interesa, no estamos interesados, no estoy de acuerdo en nada, no \
         es para mi, eso no es para mi, esto no es para mi, no voy a participar, no vamos a participar, no tengo \
         ganas, no queremos, no me gustaria, prefiero no participar, prefiero no hacerlo, no lo creo, no grasias, no \
         gracia, no me convence",
    ),
    (Tag::NoProblem, "no hay problema, sin problema, ningun problema, no te preocupes, no se preocupe"),
    (Tag::Never, "nunca, no vuelvan a, no vuelva a, no vuelvas a, nunca vuelvan a, nunca mas vuelvan a"),
    (Tag::Not, "ya no, tampoco"),
    (Tag::I, "yo, nosotros"),
    (Tag::Want, "quiero, deseo, queremos, quisiera, gustaria"),
    (Tag::Agreed, "aceptado, autorizado, aprobado, concedido, acordado"),
    (Tag::Is, "es, esta"),
    (
        Tag::AuxOther,
        "voy a, puedo, pienso, decidido, sido, decidi, estoy dispuesto a, estoy dispuesta a, seguir, que, interesa, \
         vamos a",
    ),
    (Tag::To, "al"),
    (Tag::Of, "para, con, en, de, del, por"),
    (
        Tag::Adv,
        "totalmente, completamente, plenamente, tambien, muy, mas bien, voluntariamente, libremente, formalmente",
    ),
    (
        Tag::Polite,
        "gracias, muchas gracias, mil gracias, muchisimas gracias, por favor, porfavor, porfa, favor de, buenos dias, \
         buen dia, buenas tardes, buenas noches, buenas, senor, senora, senorita, doctora, dios le bendiga, dios los \
         bendiga, dios te bendiga, dios la bendiga, bendiciones, saludos, que tenga buen dia, que tenga un buen dia, \
         muy amable, estimado doctor, estimada doctora, atentamente, igualmente",
    ),
    (Tag::Sorry, "disculpe, disculpa, perdon, lo siento, adios, hasta luego"),
    (Tag::Now, "ahora, todavia, hoy, ahorita"),
    (Tag::And, "e"),
    (Tag::Because, "porque, ya que"),
    (Tag::But, "pero, excepto, solo, solamente, aunque, sin embargo, menos, nomas, por ahora, por el momento"),
    (Tag::Consent, "consentir, consentimiento"),
    (
        Tag::Agree,
        "acepto, aceptamos, aceptar, autorizo, autorizamos, autorizar, estoy de acuerdo, estamos de acuerdo, apruebo, \
         aprobar, estar de acuerdo, ceptar, asepto, hacepto, autoriso, permito, concuerdo, estoy deacuerdo, \
         consiento, consentimos, aceto, asceto, acecto, aceptto, doy consentimiento, doy el consentimiento",
    ),
    (Tag::Permission, "permiso, autorizacion, aprobacion"),
    (
        Tag::Join,
        "participar, inscribirme, firmar, continuar, participo, ser parte, formar parte, dar, inscriban, inscriba, \
         inscribas, inscribirse, inscribanme, inscribame, apunten, apuntarme, apunte, apuntenme, registrarme, \
         registren, ser miembro, seguir participando",
    ),
    (Tag::Give, "doy, damos, otorgo, otorgamos, concedo, dar mi, dar el, brindo"),
    (Tag::YouHave, "tiene, tienen, ustedes tienen, usted tiene, tienes, cuenta con, cuentan con"),
    (Tag::My, "mi, mis, nuestro"),
    (Tag::The, "el, la, los, las, un, su, sus, ese, este, esa"),
    (Tag::You, "les, le, te, usted, ustedes, lo"),
    (Tag::It, "esto, eso, todo, todo esto, todo lo anterior, lo anterior, ello, todos"),
    (
        Tag::Obj,
        "terminos, condiciones, los terminos, los terminos y condiciones, terminos y condiciones, tratamiento, \
         atencion, medica, medico, cuidado, cuidados, clinica, compartir, informacion, consulta",
    ),
    (Tag::None, "nada, nada de esto, nada de eso, ningun, ninguna, ninguno, nada de nada"),
    (
        Tag::Refuse,
        "rechazo, me niego, me opongo, niego, declino, rechazar, me rehuso, rehuso, me niego rotundamente, estoy en \
         contra, en contra, desapruebo",
    ),
    (
        Tag::Withdraw,
        "retiro, revoco, anulo, retirar, quito, revocar, anular, retractar, me retracto de, quiero retirar, cancelo",
    ),
    (Tag::Declined, "negado, denegado, rechazado"),
    (Tag::Withdrawn, "retirado, revocado, anulado, cancelado"),
    (Tag::Cancel, "cancelar, cancela, cancele, cancelen"),
    (
        Tag::Stop,
        "alto, parar, pare, paren, para de, paren de, pare de, deje de, dejen de, deja de, dejar de, detener, \
         detenga, detengan, basta, basta ya, ya basta, ya paren, parale, terminar, ya dejen de, ya deje de, ya no \
         mas, alto ya, suspender, suspendan",
    ),
    (
        Tag::Unsub,
        "baja, dar de baja, darme de baja, darse de baja, deme de baja, denme de baja, dame de baja, cancelar \
         suscripcion, cancelar mi suscripcion, cancelar la suscripcion, desuscribir, desuscribirme, desuscribirse, \
         desuscribeme, desuscribanme, anular suscripcion, cancelen mi suscripcion, quiero darme de baja, quitenme de \
         la lista, quiteme de la lista, quitame de la lista, quitenme de su lista, quiteme de su lista, borrenme de \
         la lista, borreme de la lista, borrame de la lista, borrenme de su lista, borreme de su lista, eliminenme de \
         la lista, elimineme de la lista, eliminenme de su lista, elimineme de su lista, saquenme de la lista, \
         saqueme de la lista, saquenme de su lista, sacame de la lista, saqueme de su lista, remover, borren mi \
         numero, borre mi numero, elimine mi numero, eliminen mi numero, quiten mi numero, quite mi numero, borra mi \
         numero, quitenme, borrenme, eliminenme, saquenme, quiteme, borreme, elimineme, saqueme, quitar, salir de la \
         lista, me quiten, me saquen, me borren, me eliminen, me den de baja, me quiten de la lista, me saquen de la \
         lista, me borren de la lista, me eliminen de la lista",
    ),
    (
        Tag::LeaveMe,
        "dejenme en paz, dejeme en paz, dejame en paz, no mas, no moleste, no molesten, no me moleste, no me \
         molesten, no molestar, dejen de molestar, deje de molestar, vayase al diablo, larguense, ya no molesten, ya \
         no me molesten",
    ),
    (Tag::Me, "nos"),
    (
        Tag::Text,
        "escribirme, escriban, escriba, escribas, escribir, escribiendo, texteen, textee, textear, textearme, \
         textees, contacten, contacte, contactarme, contactar, molestarme, molestar, molestando, llamen, llame, \
         llamarme, acosarme, textiarme, mensajearme, mandar mensajes, enviar mensajes, mandarme mensajes, enviarme \
         mensajes, mandarme textos, enviarme textos",
    ),
    (
        Tag::Send,
        "mandarme, mandar, enviarme, enviar, manden, mande, mandes, envien, envie, envies, mandando, enviando, \
         mandandome",
    ),
    (Tag::Get, "recibir, recibo, recibiendo"),
    (
        Tag::Texts,
        "mensajes, textos, mensaje, mensajitos, correos, notificaciones, recordatorios, mensajes de texto, tantos \
         mensajes, cosas, suscripcion, porquerias, basura",
    ),
    (Tag::More, "mas, otros, estos, esos, tantos"),
    (Tag::Again, "nunca mas, otra vez, de nuevo, a este numero, a mi numero, inmediatamente, aqui, mas nunca"),
    (Tag::Mind, "cambie de opinion, cambie de idea, ya cambie de opinion, he cambiado de opinion"),
    (Tag::Reason, "muy caro, no lo necesitamos, no tengo dinero, ya tengo doctor, no confio"),
    (Tag::If, "cuando, siempre que, siempre y cuando, hasta que, hasta, antes, despues, primero, a menos que"),
    (
        Tag::Hedge,
        "quizas, quiza, tal vez, talvez, creo, creo que, no se, no estoy seguro, no estoy segura, supongo, a lo \
         mejor, puede ser, posiblemente, probablemente, depende, no entiendo",
    ),
    (
        Tag::Later,
        "luego, manana, mas tarde, espere, espera, pensarlo, lo pensare, voy a pensarlo, dejeme, despues le digo, un \
         momento, todavia no, aun no, lo voy a pensar",
    ),
    (Tag::Third, "ella, ellos, dijo, dice, esposo, esposa, nadie, mi hija dice, mi hijo dice"),
    (Tag::Child, "hijo, hija, hijos, hijas, nino, nina, ninos, nieto, nieta, bebe"),
    (Tag::Family, "madre, papa, padre, hermano, hermana, tutor, tutora"),
    (
        Tag::Wrong,
        "numero equivocado, persona equivocada, equivocado, se equivoco, numero incorrecto, no soy, no es mi numero",
    ),
    (
        Tag::Ask,
        "por que, como, donde, cual, cuanto, quien, quien es, cuando es, que es, que significa, de que, para que",
    ),
    (Tag::Past, "ya lo firme, ya firme, ya acepte, acepte, ya dije, ayer"),
    (Tag::Visit, "cita, receta, seguro medico, resultados, dolor"),
    (Tag::Start, "comenzar, iniciar"),
    (Tag::Help, "ayuda"),
    (
        Tag::React,
        "le gusto, me gusta, a mi me gusta, le encanto, le gusta, reacciono, le dio me gusta, me encanta, enfatizo, \
         se rio de, elimino",
    ),
    (Tag::Echo, "responda si, responde si, conteste si, usted acepta, acepta usted, si para aceptar o"),
    (Tag::SignOff, "firma, nombre, firmado"),
    (Tag::ThisIs, "soy, me llamo, mi nombre es, habla"),
    (Tag::Birth, "fecha de nacimiento, nacimiento, nacido, nacida"),
    (Tag::Month, "enero, febrero, marzo, abril, mayo, junio, julio, agosto, septiembre, octubre, noviembre, diciembre"),
    (Tag::Greeting, "hola"),
    (Tag::Program, "programa, programas, servicio, servicios, inscripcion, participacion, membresia, oferta"),
    (
        Tag::Keep,
        "no quiero dejar, no quiero dejar de, no quiero cancelar, no quiero salir, no quiero parar, no quiero \
         terminar, no quiero suspender, no quiero darme de baja, no quiero que me quiten, no quiero que me saquen, no \
         quiero que me borren, no dejen de, no deje de, no dejes de, no paren, no pare, no paren de, no pare de, no \
         cancele, no cancelen, no cancelar, no me quiten, no me quite, no me borren, no me borre, no me saquen, no me \
         saque, no me eliminen, no me elimine, no me den de baja, no deseo cancelar, no deseo salir, no deseo dejar, \
         no terminar",
    ),
    (Tag::While, "despues de"),
    (Tag::List, "lista, sistema, listado"),
    (
        Tag::Leave,
        "desinscribir, desinscribirme, desinscribanme, desinscribame, salir del programa, salirme del programa, salir \
         de este programa, salir del servicio, salirme",
    ),
    (Tag::Pay, "pagar, pagar por eso, pagar por esto, que me cobren, me cobren, cobren"),
];
