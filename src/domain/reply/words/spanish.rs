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
         claro que si, si me gustaria, orale, orale pues, andale pues, arre, si como no, si adelante, si de acuerdo, \
         si esta bien, si con gusto, si con mucho gusto, va que va, sip claro, sisisi, sisisisi, si si, si si si, si \
         cuenten conmigo, cuenten conmigo, si cuente conmigo, si me apunto, claro que acepto, si apunteme, si \
         inscribame, si inscribanme, si apuntenme, inscribame por favor, apunteme por favor, inscribanme por favor, \
         por supuesto que acepto, por supuesto que si acepto, claro que si acepto, con gusto acepto, con mucho gusto \
         acepto, con mucho gusto si",
    ),
    (
        Tag::NoThanks,
        "ya no estoy interesado, ya no estoy interesada, ya no me interesa, no gracias, no muchas gracias, claro que \
         no, por supuesto que no, desde luego que no, para nada, de ninguna manera, ni hablar, ni loco, ni loca, no me \
         interesa, no estoy interesado, no estoy interesada, no interesado, no interesada, no tengo interes, mejor no, \
         prefiero que no, prefiero no, en absoluto, que no, digo que no, digo no, mi respuesta es no, la respuesta es \
         no, no quiero, no deseo, no quiero nada, no lo quiero, no lo deseo, ya no quiero, no me gusta, no puedo \
         aceptar, jamas, jamas de los jamases, nunca jamas, nel, negativo, nones, no para nada, pues no, no cuenten \
         conmigo, no cuente conmigo, no me hace falta, no me conviene, no nos interesa, no lo necesito, no necesito \
         eso, no necesito esto, a mi no me interesa, no estamos interesados, no estoy de acuerdo en nada, no es para \
         mi, eso no es para mi, esto no es para mi, no voy a participar, no vamos a participar, no tengo ganas, no \
         queremos, no me gustaria, prefiero no participar, prefiero no hacerlo, no lo creo, no me convence, no se me \
         hace, no le entro, no le entramos, paso, yo paso, no pues no, nombre no, ni de chiste, ni de broma, ni \
         pensarlo, ni por error, olvidelo, olvidalo, no cuentan conmigo, no cuentes conmigo, le digo que no, les digo \
         que no, diria que no, respondo que no, contesto que no, contesto no, respondo no, es un no, mi decision es \
         no, no de mi parte, gracias pero no, gracias pero no gracias, muchas gracias pero no, no por favor, mil \
         gracias pero no, agradezco pero no, se lo agradezco pero no, no necesito nada, no ocupo, no lo ocupo, no \
         ocupo eso, no nos hace falta, no hace falta, no es necesario, prefiero no hacer eso, no estoy dispuesto, no \
         estoy dispuesta, no voy a hacerlo, no lo voy a hacer, no lo hare, no participare, no me apunto, no me \
         apunten, no me inscriban, no me inscriba, no me incluyan, no me incluya, no contar conmigo, no es lo mio, no \
         me late, no me parece, no nos parece, no me agrada, no quisiera, yo no quiero, no queremos nada, lo rechazo, \
         la rechazo, asi estoy bien no gracias, les digo no, le digo no, no doy, decidi no, decidi que no, hemos \
         decidido que no, decidimos que no, he decidido no, prefiero que no lo hagan, mejor asi no, no quiero firmar \
         nada, no firmo nada, no firmo, no voy a firmar, no pienso firmar, siempre no, siempre no gracias, nel pastel, \
         ni maiz, ni madres, nanay, no hombre, no para nada gracias, ay no, uy no",
    ),
    (
        Tag::NoProblem,
        "no hay problema, sin problema, ningun problema, no te preocupes, no se preocupe, no me opongo, no me niego, \
         no nos oponemos, no rechazo nada, no tengo problema, no tengo ningun problema, no tengo inconveniente, no hay \
         inconveniente, no me molesta",
    ),
    (
        Tag::Never,
        "nunca, no vuelvan a, no vuelva a, no vuelvas a, nunca vuelvan a, nunca mas vuelvan a, no me vuelvan a, no me \
         vuelva a, no me vuelvas a, ya no me vuelvan a",
    ),
    (Tag::Not, "ya no, tampoco"),
    (Tag::I, "yo, nosotros"),
    (Tag::Want, "quiero, deseo, queremos, quisiera, gustaria, me gustaria, quisieramos, ocupo"),
    (Tag::Agreed, "aceptado, autorizado, aprobado, concedido, acordado"),
    (Tag::Is, "es, esta"),
    (
        Tag::AuxOther,
        "voy a, puedo, pienso, decidido, sido, decidi, estoy dispuesto a, estoy dispuesta a, seguir, interesa, vamos \
         a, estar, ser",
    ),
    (Tag::To, "al, que"),
    (Tag::With, "con, en, de, del, sobre, acerca de"),
    (
        Tag::Adv,
        "totalmente, completamente, plenamente, tambien, muy, mas bien, voluntariamente, libremente, formalmente, con \
         nadie, a nadie, con nadie mas, con otros, en internet, en redes sociales, en facebook",
    ),
    (
        Tag::Polite,
        "gracias, muchas gracias, mil gracias, muchisimas gracias, por favor, porfavor, porfa, favor de, buenos dias, \
         buen dia, buenas tardes, buenas noches, buenas, senor, senora, senorita, doctora, dios le bendiga, dios los \
         bendiga, dios te bendiga, dios la bendiga, bendiciones, saludos, que tenga buen dia, que tenga un buen dia, \
         muy amable, estimado doctor, estimada doctora, atentamente, igualmente, dios lo bendiga, dios la cuide, dios \
         lo cuide, dios los cuide, que dios lo bendiga, que dios la bendiga, que dios los bendiga, que este bien, que \
         esten bien, que pase buen dia, que pase un buen dia, que tengan buen dia, feliz dia, feliz tarde, agradezco, \
         le agradezco, les agradezco, se lo agradezco, gracias de todos modos, gracias de todas formas, con todo \
         respeto, con respeto, doctor gracias, apreciados, estimados, gracias hijo, gracias hija, gracias mijo, \
         gracias mija, gracias doctor, gracias doctora, gracias senorita, gracias senor, gracias senora",
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
         aprobar, estar de acuerdo, ceptar, permito, concuerdo, estoy deacuerdo, consiento, consentimos, aceto, \
         asceto, acecto, aceptto, doy consentimiento, doy el consentimiento, estoy totalmente de acuerdo, estoy \
         completamente de acuerdo, totalmente de acuerdo, completamente de acuerdo, muy de acuerdo, estoy muy de \
         acuerdo, si estoy de acuerdo",
    ),
    (Tag::Permission, "permiso, autorizacion, aprobacion"),
    (
        Tag::Join,
        "participar, inscribirme, firmar, continuar, participo, ser parte, formar parte, inscriban, inscriba, \
         inscribas, inscribirse, inscribanme, inscribame, apunten, apuntarme, apunte, apuntenme, registrarme, \
         registren, ser miembro, seguir participando",
    ),
    (
        Tag::Give,
        "doy, damos, otorgo, otorgamos, concedo, dar mi, dar el, brindo, dar, darles, darle, dando, dare, dado, di, \
         daremos",
    ),
    (Tag::YouHave, "tiene, tienen, ustedes tienen, usted tiene, tienes, cuenta con, cuentan con"),
    (Tag::My, "mi, mis, nuestro"),
    (Tag::The, "el, la, los, las, un, su, sus, ese, este, esa"),
    (Tag::You, "les, le, te, usted, ustedes, lo"),
    (Tag::It, "esto, eso, todo, todo esto, todo lo anterior, lo anterior, ello, todos"),
    (
        Tag::Obj,
        "terminos, condiciones, los terminos, los terminos y condiciones, terminos y condiciones, tratamiento, \
         atencion, medica, medico, cuidado, cuidados, clinica, informacion, consulta, historial, expediente, cosa, \
         mensual, cronico, datos, mis datos",
    ),
    (Tag::None, "nada, nada de esto, nada de eso, ningun, ninguna, ninguno, nada de nada"),
    (
        Tag::Refuse,
        "rechazo, me niego, me opongo, niego, declino, rechazar, me rehuso, rehuso, me niego rotundamente, estoy en \
         contra, en contra, desapruebo, no apruebo, no permito, no concuerdo, nos negamos, nos oponemos, nos \
         rehusamos, rechazamos, declinamos, declinar, negarme, oponerme, rehusarme, digo que no a, prohibo, les \
         prohibo, le prohibo, desautorizo, no doy autorizacion, no doy permiso, no les doy permiso, no le doy permiso, \
         estoy totalmente en contra, no estoy a favor",
    ),
    (
        Tag::Withdraw,
        "retiro, revoco, anulo, retirar, quito, revocar, anular, retractar, me retracto de, quiero retirar, cancelo, \
         retirarme, me retiro, deshacer, me echo para atras, echarme para atras, ya no doy, anulen, anule, revoquen, \
         revoque, retiren, retire, invaliden, les quito, le quito",
    ),
    (Tag::Declined, "negado, denegado, rechazado"),
    (Tag::Withdrawn, "retirado, revocado, anulado, cancelado"),
    (Tag::Cancel, "cancelar, cancela, cancele, cancelen"),
    (
        Tag::Stop,
        "alto, parar, pare, paren, para de, paren de, pare de, deje de, dejen de, deja de, dejar de, detener, detenga, \
         detengan, basta, basta ya, ya basta, ya paren, parale, terminar, ya dejen de, ya deje de, ya no mas, alto ya, \
         suspender, suspendan, parenle a, parele a, bajenle, bajele, ya dejen, ya deje, que dejen de, que deje de, que \
         paren de, que paren, cesen, cese, cesar, interrumpan, dejense de, favor de no seguir, no sigan, no siga, ya \
         no sigan, ya no siga",
    ),
    (
        Tag::Unsub,
        "baja, dar de baja, darme de baja, darse de baja, deme de baja, denme de baja, dame de baja, cancelar \
         suscripcion, cancelar mi suscripcion, cancelar la suscripcion, desuscribir, desuscribirme, desuscribirse, \
         desuscribeme, desuscribanme, anular suscripcion, cancelen mi suscripcion, quiero darme de baja, remover, \
         quitenme, borrenme, eliminenme, saquenme, quiteme, borreme, elimineme, saqueme, quitar, salir de la lista, me \
         quiten, me saquen, me borren, me eliminen, me den de baja, me salgo de la lista, sacarme de la lista, \
         borrarme, eliminarme, quitarme, anotenme fuera, dar de baja mi numero, den de baja mi numero, de de baja mi \
         numero, borren mis datos, borre mis datos, eliminen mis datos, elimine mis datos, desactivar mensajes, \
         cancelar mensajes, cancelar los mensajes, cancelen los mensajes, cancele los mensajes, borrame, sacame, \
         quitame, eliminame, sacame de ahi, sacame de esto, saquenme de ahi, saquenme de esto, quitenme de ahi, \
         borrenme de ahi, borrenme del sistema, quitenme del sistema, me quiero salir, quiero salirme de la lista",
    ),
    (
        Tag::LeaveMe,
        "dejenme en paz, dejeme en paz, dejame en paz, no mas, no moleste, no molesten, no me moleste, no me molesten, \
         no molestar, dejen de molestar, deje de molestar, vayase al diablo, larguense, ya no molesten, ya no me \
         molesten, dejenme tranquilo, dejenme tranquila, dejeme tranquilo, dejeme tranquila, ya estuvo, ya estuvo \
         bueno, no esten molestando, no ande molestando, no anden molestando, no chinguen, no chingue, no jodan, no \
         joda, no frieguen, ya no frieguen, ya no chinguen, dejen de chingar, ya parenle, parenle, parele, ya parele, \
         olvidense de mi, no me busquen, no me busque, no me busquen mas",
    ),
    (Tag::Me, "nos"),
    (
        Tag::Text,
        "escribirme, escriban, escriba, escribas, escribir, escribiendo, texteen, textee, textear, textearme, textees, \
         contacten, contacte, contactarme, contactar, molestarme, molestar, molestando, llamen, llame, llamarme, \
         acosarme, textiarme, mensajearme, mandar mensajes, enviar mensajes, mandarme mensajes, enviarme mensajes, \
         mandarme textos, enviarme textos, chingando, estar chingando, fregando, estar fregando, fregar, chingar, \
         estar molestando, estar escribiendo, estar mandando, hablarme, hablen, hable, hablando, marcar, marquen, \
         marque, marcando, marcarme, comunicarse conmigo, comunicarse, contactando, mensajear, mensajeen, mensajee, \
         jodiendo, estar jodiendo, joder, jodan",
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
    (
        Tag::Mind,
        "cambie de opinion, cambie de idea, ya cambie de opinion, he cambiado de opinion, dije que si, yo dije que si, \
         habia dicho que si, ya habia dicho que si, antes dije que si, me arrepenti, me arrepiento, lo pense bien, ya \
         lo pense, lo pense mejor, fue un error, me equivoque",
    ),
    (
        Tag::Reason,
        "muy caro, no lo necesitamos, no tengo dinero, ya tengo doctor, no confio, no puedo pagar, no puedo pagarlo, \
         no me alcanza, no me alcanza el dinero, es muy caro, esta muy caro, cuesta mucho, sale caro, muy costoso, ya \
         tengo medico, tengo otro doctor, tengo otro medico, ya tengo seguro, no me gusta eso, no me gusta la idea, \
         desconfio, es una estafa, estafa, es un fraude, fraude, perdida de tiempo, no tengo tiempo, no me da \
         confianza, privacidad, es privado, en persona, estoy bien asi, asi estoy bien, estoy bien, ya tengo otro \
         doctor, ya tengo mi doctor, ya tengo quien me atienda, no lo entiendo, cuesta dinero, cobran mucho, me van a \
         cobrar, me cobran, no confio en eso, no me fio",
    ),
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
    (
        Tag::Child,
        "hijo, hija, hijos, hijas, nino, nina, ninos, nieto, nieta, bebe, ninita, ninito, bebita, bebito, chiquito, \
         chiquita, menor, nietos",
    ),
    (Tag::Family, "hermano, hermana"),
    (
        Tag::Wrong,
        "numero equivocado, persona equivocada, equivocado, se equivoco, numero incorrecto, no soy, no es mi numero",
    ),
    (
        Tag::Ask,
        "por que, como, donde, cual, cuanto, quien, quien es, cuando es, que es, que significa, de que, para que",
    ),
    (
        Tag::Past,
        "ya lo firme, ya firme, ya acepte, acepte, ya dije, ayer, ya les dije que, les dije que, le dije que, ya le \
         dije que, ya dije que, dije que, ya respondi que, ya conteste que",
    ),
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
    (
        Tag::Program,
        "programa, programas, servicio, servicios, inscripcion, participacion, membresia, oferta, este plan, el plan",
    ),
    (
        Tag::Keep,
        "no quiero dejar, no quiero dejar de, no quiero cancelar, no quiero salir, no quiero parar, no quiero \
         terminar, no quiero suspender, no quiero darme de baja, no quiero que me quiten, no quiero que me saquen, no \
         quiero que me borren, no dejen de, no deje de, no dejes de, no paren, no pare, no paren de, no pare de, no \
         cancele, no cancelen, no cancelar, no me quiten, no me quite, no me borren, no me borre, no me saquen, no me \
         saque, no me eliminen, no me elimine, no me den de baja, no deseo cancelar, no deseo salir, no deseo dejar, \
         no terminar, no dije que, yo no dije que, no dije que no",
    ),
    (Tag::While, "despues de"),
    (Tag::List, "lista, sistema, listado"),
    (
        Tag::Leave,
        "desinscribir, desinscribirme, desinscribanme, desinscribame, salir del programa, salirme del programa, salir \
         de este programa, salir del servicio, salirme, retirarme del programa, me retiro del programa, salgo del \
         programa, me salgo, me salgo del programa, quiero salirme, darme de baja del programa, dejar el programa, \
         dejar este programa, quitenme del programa, quiteme del programa, saquenme del programa, saqueme del \
         programa, sacarme del programa, sacarme",
    ),
    (Tag::Pay, "pagar, pagar por eso, pagar por esto, que me cobren, me cobren, cobren"),
    (
        Tag::Use,
        "compartir, compartan, comparta, compartas, usar, usen, uses, utilicen, utilice, utilizar, divulgar, \
         divulguen, divulgue, publicar, publiquen, publique, vender, vendan, venda, grabar, graben, grabe, grabarme, \
         me graben, me grabe, revelar, revelen, difundir, difundan, subir, suban, atiendan, atienda, traten, trate, \
         vacunen, vacune, examinen, revisen, revise",
    ),
    (
        Tag::Filler,
        "la verdad, la verdad es que, sinceramente, honestamente, francamente, pues, bueno, mire, mira, oiga, oye, \
         fijese, bueno pues, mijito, mijita, jefe, jefa",
    ),
    (
        Tag::Topic,
        "fotos, foto, imagen, imagenes, videollamada, videollamadas, telemedicina, estudio, estudios, grabaciones, \
         videoconsulta, videoconsultas, este estudio, el estudio, investigacion",
    ),
    (Tag::Enough, "harto de, harta de, cansado de, cansada de, fastidiado de"),
    (Tag::YouCan, "pueden, puede, puedes, ustedes pueden, usted puede"),
    (Tag::Parent, "papa, tutor, tutora, mami, papi"),
    (Tag::Remove, "quiten, borren, borre, borra, eliminen, elimine, elimina, saquen, saque"),
    (Tag::MyNumber, "mi numero, mi nombre, mi telefono, mi celular, mi numero de telefono, este numero"),
    (Tag::OkWith, "a favor"),
    (
        Tag::Correct,
        "me interesa, nos interesa, estoy interesado, estoy interesada, me parece bien, esta bien para mi, para mi \
         esta bien, me parece perfecto, me parece muy bien",
    ),
    (
        Tag::ThanksFor,
        "gracias por preguntar, muchas gracias por preguntar, gracias por avisar, muchas gracias por avisar, gracias \
         por la informacion, muchas gracias por la informacion, gracias por todo, muchas gracias por todo, gracias por \
         su tiempo, muchas gracias por su tiempo, gracias por su ayuda, muchas gracias por su ayuda, gracias por su \
         mensaje, muchas gracias por su mensaje, gracias por escribir, muchas gracias por escribir, gracias por la \
         oferta, muchas gracias por la oferta, gracias por ofrecer, muchas gracias por ofrecer, gracias por pensar en \
         mi, muchas gracias por pensar en mi, gracias por su atencion, muchas gracias por su atencion, gracias por el \
         mensaje, muchas gracias por el mensaje, gracias por informarme, muchas gracias por informarme, gracias por \
         tomarme en cuenta, muchas gracias por tomarme en cuenta, gracias por su amabilidad, muchas gracias por su \
         amabilidad, gracias por preocuparse, muchas gracias por preocuparse, gracias por explicarme, muchas gracias \
         por explicarme",
    ),
    (Tag::For, "para, por"),
];
